import type { Io } from './io.ts'

/** How often a terminal's line is renewed, and how often a line is logged where there is no terminal. */
const TERMINAL_MS = 200
const LOG_MS = 10_000

/** Tells on stderr how far a command is: a line that renews itself on a terminal, else a line from time to time. */
export interface Progress {
  /** @param done how much was done since the beginning, which gives the rate */
  tell: (done: number, text: string) => void
  /** Ends the line of a terminal. */
  end: () => void
}

/** Starts the progress of what begins now. */
export function startProgress(
  { err, errIsTerminal }: Pick<Io, 'err' | 'errIsTerminal'>,
  now: () => number = () => performance.now(),
): Progress {
  const started = now()
  let said = started
  let isLineOpen = false
  return {
    tell: (done, text) => {
      const at = now()
      if (at - said < (errIsTerminal === true ? TERMINAL_MS : LOG_MS)) return
      said = at
      const line = `${text}, ${Math.round((done * 1000) / Math.max(1, at - started))} a second`
      err(errIsTerminal === true ? `\r${line}\u001B[K` : `${line}\n`)
      isLineOpen = errIsTerminal === true
    },
    end: () => {
      if (isLineOpen) err('\n')
      isLineOpen = false
    },
  }
}
