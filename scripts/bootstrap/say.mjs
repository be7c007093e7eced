// What bootstrap tells: on stderr, for stdout belongs to the program that is started.

/** @param {string} message */
export function say(message) {
  process.stderr.write(`mairust: ${message}\n`)
}

/** Ends the bootstrap with a sentence for the user and an exit status. */
export class Failure extends Error {
  /** @param {string} message @param {number} [status] */
  constructor(message, status = 1) {
    super(message)
    this.status = status
  }
}

/**
 * Runs `work` and exits with the status it resolves to; a failure is one sentence on stderr.
 * @param {() => Promise<number>} work
 */
export async function exitWith(work) {
  try {
    process.exitCode = await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(error.message)
    process.exitCode = error.status
  }
}
