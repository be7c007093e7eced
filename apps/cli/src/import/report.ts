import { escapeText } from '@mairust/log/escape'
import type { Io } from '../io.ts'
import type { ImportResult } from './run.ts'
import type { LeftOutReason } from './source.ts'

/** Update interval of the line on a terminal, and of log lines without one. */
const TERMINAL_MS = 200
const LOG_MS = 10_000
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
export function startReport({ err, errIsTerminal }: Surroundings, now: () => number = () => performance.now()): Report {
  const started = now()
  let said = started
  let isLineOpen = false
  const named: string[] = []
  let unnamed = 0
  return {
    progress: ({ imported, alreadyThere }) => {
      const at = now()
      if (at - said < (errIsTerminal === true ? TERMINAL_MS : LOG_MS)) return
      said = at
      const rate = Math.round((imported * 1000) / Math.max(1, at - started))
      const text = `${count(imported)} imported${alreadyThere === 0 ? '' : `, ${alreadyThere} already imported`}, ${rate} a second`
      err(errIsTerminal === true ? `\r${text}\u001B[K` : `${text}\n`)
      isLineOpen = errIsTerminal === true
    },
    leftOut: (reason, detail) => {
      if (reason === 'deleted' || reason === 'internal') return
      if (named.length < MAX_NAMED) named.push(detail)
      else unnamed += 1
    },
    end: () => {
      if (isLineOpen) err('\n')
      for (const detail of named) err(`skipped: ${escapeText(detail)}\n`)
      if (unnamed > 0) err(`skipped: ${count(unnamed, 'more message')}\n`)
    },
  }
}
