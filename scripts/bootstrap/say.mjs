// Messages of bootstrap, on stderr: stdout belongs to the program it starts.

import { endedBy, statusOf } from './signals.mjs'

/** @param {string} message */
export function say(message) {
  process.stderr.write(`mairust: ${message}\n`)
}

/** Ends the bootstrap with a message and an exit status. */
export class Failure extends Error {
  /** @param {string} message @param {number} [status] */
  constructor(message, status = 1) {
    super(message)
    this.status = status
  }
}

/**
 * Runs `work` and exits with the status it resolves to. Prints a failure as one line on stderr, unless a signal caused it.
 * @param {() => Promise<number>} work
 */
export async function exitWith(work) {
  try {
    process.exitCode = await work()
  } catch (error) {
    const signal = endedBy()
    if (signal === null && !(error instanceof Failure)) throw error
    if (signal === null) say(error.message)
    process.exitCode = signal === null ? error.status : statusOf(signal)
  }
}
