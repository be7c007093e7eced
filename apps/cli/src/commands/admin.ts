import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { printOne } from '../output.ts'
import { readPassword } from '../password.ts'
import { withServices } from '../services.ts'
import { PASSWORD_STDIN, type PasswordOptions, resultCommand } from './kit.ts'

async function create(
  io: Io,
  email: string,
  { name, ...options }: PasswordOptions & { name?: string | undefined },
): Promise<void> {
  const password = await readPassword(io, options)
  const { createUser } = await import('@mairust/api/services')
  const input = { email, password, name, role: 'super_admin' as const }
  const user = await withServices(io, (ctx) => createUser(ctx, input), { mayCreate: true })
  printOne(io, options, user, (made) => `${made.email} is an administrator`)
}

async function resetPassword(io: Io, email: string, options: PasswordOptions): Promise<void> {
  const password = await readPassword(io, options)
  const { resetPassword: reset } = await import('@mairust/api/services')
  const user = await withServices(io, (ctx) => reset(ctx, { email, password }))
  printOne(
    io,
    options,
    user,
    (changed) => `changed the password of ${changed.email}, ended all sessions and lifted lockouts`,
  )
}

/** `admin create|reset-password`: access without an existing login. */
export function addAdmin(program: Command, io: Io): void {
  const admin = program.command('admin').description('create an administrator, or restore their access')
  resultCommand(admin, 'create <email>', 'create an administrator; this does not add a mailbox')
    .option(...PASSWORD_STDIN)
    .option('--name <name>', 'the name of the person')
    .action((email: string, options: PasswordOptions) => create(io, email, options))
  resultCommand(admin, 'reset-password <email>', 'set a new password, end all sessions and lift lockouts')
    .option(...PASSWORD_STDIN)
    .action((email: string, options: PasswordOptions) => resetPassword(io, email, options))
}
