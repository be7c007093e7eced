import type { Command } from 'commander'
import type { Format } from '../output.ts'

/** A subcommand that prints a result, and so takes `--json`. The default one runs where its parent is called alone. */
export const resultCommand = (
  parent: Command,
  usage: string,
  description: string,
  options: { isDefault?: boolean } = {},
): Command => parent.command(usage, options).description(description).option('--json', 'print the REST shape')

/** The result of removing something, as REST says it. */
export const deleted = (id: string): { id: string; deleted: true } => ({ id, deleted: true })

/** Options that a command with a password takes beside its own. */
export interface PasswordOptions extends Format {
  passwordStdin?: boolean | undefined
}

export const PASSWORD_STDIN = ['--password-stdin', 'read the password from stdin'] as const
