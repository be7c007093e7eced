import { escapeText } from '@mairust/log/escape'
import type { Io } from '../io.ts'
import { startProgress } from '../progress.ts'
import type { ImportResult } from './run.ts'
import type { LeftOutReason } from './source.ts'

/** Most skipped messages named individually. */
const MAX_NAMED = 20

const REASONS: Readonly<Record<LeftOutReason, string>> = {
  deleted: 'marked as deleted',
  empty: 'empty',
  internal: 'internal data of a mail client',
  unreadable: 'unreadable',
}

/** Where a report goes. */
type Surroundings = Pick<Io, 'err' | 'errIsTerminal'>

/** Reports an import on stderr: a live line on a terminal, else a line now and then. */
export interface Report {
  progress: (result: ImportResult) => void
  leftOut: (reason: LeftOutReason, detail: string) => void
  /** Counts a tag beyond the limit of a user's tags. */
  tagLeftOut: (name: string, limit: number) => void
  /** Ends the live line and names what was skipped. */
  end: () => void
}

const count = (n: number, what = 'message'): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** Summary of skipped messages; '' when there are none. */
export function leftOutText(result: ImportResult): string {
  const parts = Object.entries(REASONS).flatMap(([reason, text]) => {
    const n = result[reason as LeftOutReason]
    return n === 0 ? [] : [`${n} ${text}`]
  })
  return parts.length === 0 ? '' : `skipped: ${parts.join(', ')}`
}

/** Summary of imported messages. */
export const importedText = ({ imported, alreadyThere }: ImportResult, seconds: number): string =>
  `imported ${count(imported)} in ${seconds.toFixed(1)} s${alreadyThere === 0 ? '' : `; ${alreadyThere} already imported`}`

/** Starts the report of an import. */
export function startReport(surroundings: Surroundings, now?: () => number): Report {
  const progress = startProgress(surroundings, now)
  const { err } = surroundings
  const named: string[] = []
  let unnamed = 0
  let tags = 0
  let mostTags = 0
  return {
    progress: ({ imported, alreadyThere }) => {
      const there = alreadyThere === 0 ? '' : `, ${alreadyThere} already imported`
      progress.tell(imported, `${count(imported)} imported${there}`)
    },
    leftOut: (reason, detail) => {
      if (reason === 'deleted' || reason === 'internal') return
      if (named.length < MAX_NAMED) named.push(detail)
      else unnamed += 1
    },
    tagLeftOut: (_, limit) => {
      tags += 1
      mostTags = limit
    },
    end: () => {
      progress.end()
      for (const detail of named) err(`skipped: ${escapeText(detail)}\n`)
      if (unnamed > 0) err(`skipped: ${count(unnamed, 'more message')}\n`)
      if (tags > 0) err(`skipped: ${count(tags, 'tag')}; a user can have at most ${mostTags}\n`)
    },
  }
}
