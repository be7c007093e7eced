import { type Command, InvalidArgumentError } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Format } from '../output.ts'

/** A subcommand that prints a result, and so takes `--json`. The default one runs when its parent is called alone. */
export const resultCommand = (
  parent: Command,
  usage: string,
  description: string,
  options: { isDefault?: boolean } = {},
): Command =>
  parent
    .command(usage, options)
    .description(description)
    .option('--json', 'print the result as JSON, as the REST API does')

/** Options of commands that take a password. */
export interface PasswordOptions extends Format {
  passwordStdin?: boolean | undefined
}

export const PASSWORD_STDIN = ['--password-stdin', 'read the password from stdin'] as const

/**
 * Refuses a change without any option: one was forgotten.
 * @throws CliError
 */
export function requireChange<T extends object>(change: T, options: string): T {
  if (Object.values(change).every((value) => value === undefined))
    throw new CliError(`nothing to change: give one of ${options}`, EXIT.usage)
  return change
}

/** Parses a whole number. */
export const wholeNumber = (text: string): number => {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
