import { escapeText } from '@mairust/log/escape'
import type { Io } from '../io.ts'
import type { ImportResult } from './run.ts'
import type { LeftOutReason } from './source.ts'

/** How often a terminal's line is renewed, and how often a line is logged where there is no terminal. */
const TERMINAL_MS = 200
const LOG_MS = 10_000
/** Messages that are named one by one when they are left out. */
const MAX_NAMED = 20

const REASONS: Readonly<Record<LeftOutReason, string>> = {
  deleted: 'marked as deleted',
  empty: 'empty',
  internal: 'notes of a mail program, no mail',
  unreadable: 'unreadable',
}

/** Where a report goes, and the clock it goes by. */
type Surroundings = Pick<Io, 'err' | 'errIsTerminal'>

/** Tells of an import on stderr: a line that renews itself on a terminal, else a line from time to time. */
export interface Report {
  progress: (result: ImportResult) => void
  leftOut: (reason: LeftOutReason, detail: string) => void
  /** Ends the line of a terminal and names what was left out. */
  end: () => void
}

const count = (n: number, what = 'message'): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** What was left out, as one line; empty when nothing was. */
export function leftOutText(result: ImportResult): string {
  const parts = Object.entries(REASONS).flatMap(([reason, text]) => {
    const n = result[reason as LeftOutReason]
    return n === 0 ? [] : [`${n} ${text}`]
  })
  return parts.length === 0 ? '' : `left out: ${parts.join(', ')}`
}

/** What was imported, as one line. */
export const importedText = ({ imported, alreadyThere }: ImportResult, seconds: number): string =>
  `imported ${count(imported)} in ${seconds.toFixed(1)} s${alreadyThere === 0 ? '' : `; ${alreadyThere} were there already`}`

/** Makes the report of an import that begins now. */
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
      const text = `${count(imported)} imported${alreadyThere === 0 ? '' : `, ${alreadyThere} there already`}, ${rate} a second`
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
      for (const detail of named) err(`left out: ${escapeText(detail)}\n`)
      if (unnamed > 0) err(`left out: ${count(unnamed, 'more message')}\n`)
    },
  }
}
