/** One thing that is wrong in the configuration. */
export interface Problem {
  /** Where it was set: a file with its line, or the name of an environment variable. */
  source: string
  /** The setting, `smtp.inbound.port`; empty when the whole file is meant. */
  path: string
  message: string
}

const line = ({ source, path, message }: Problem): string =>
  [source, path, message].filter((part) => part !== '').join(': ')

/** The configuration cannot be used. The message names each problem with its place on a line of its own. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(line).join('\n'))
    this.problems = problems
  }
}
