/** A mistake in the configuration. */
export interface Problem {
  /** Where it was set: file and line, or the environment variable. */
  source: string
  /** The setting, such as `smtp.inbound.port`; '' for the whole file. */
  path: string
  message: string
}

const line = ({ source, path, message }: Problem): string =>
  [source, path, message].filter((part) => part !== '').join(': ')

/** The configuration cannot be used. The message has one line per problem, with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(line).join('\n'))
    this.problems = problems
  }
}
