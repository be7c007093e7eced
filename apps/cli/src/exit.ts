/** The program's exit statuses. */
export const EXIT = { done: 0, failed: 1, usage: 2, notFound: 3, problems: 4 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with a message on stderr and an exit status. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message)
    this.exitCode = exitCode
  }
}
