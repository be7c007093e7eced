import type { Command } from 'commander'
import { Option } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { readPassword } from '../password.ts'
import { withServices } from '../services.ts'
import { deleted, PASSWORD_STDIN, type PasswordOptions, resultCommand } from './kit.ts'
import { namedUser } from './named.ts'

const ROLES = ['super_admin', 'tenant_admin', 'domain_admin', 'user'] as const

interface AddOptions extends PasswordOptions {
  role?: (typeof ROLES)[number] | undefined
  name?: string | undefined
}

async function add(io: Io, email: string, { role, name, ...options }: AddOptions): Promise<void> {
  const password = await readPassword(io, options)
  const { createUser } = await import('@mairust/api/services')
  const user = await withServices(io, (ctx) => createUser({ ctx, input: { email, password, role, name } }))
  printOne(io, options, user, (made) => `added ${made.email} (${made.role})`)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listUsers } = await import('@mairust/api/services')
  const users = await withServices(io, (ctx) => allPages(listUsers, ctx, {}))
  printList(io, format, users, {
    ID: (u) => u.id,
    EMAIL: (u) => u.email,
    ROLE: (u) => u.role,
    STATE: (u) => (u.suspended ? 'suspended' : 'active'),
    NAME: (u) => u.name,
  })
}

async function remove(io: Io, email: string, format: Format): Promise<void> {
  const { removeUser } = await import('@mairust/api/services')
  const id = await withServices(io, async (ctx) => {
    const { id: userId } = await namedUser(ctx, email)
    await removeUser({ ctx, input: { id: userId } })
    return userId
  })
  printOne(io, format, deleted(id), () => `removed ${email}; mailboxes stay, without an owner`)
}

/** `user add|list|remove`. */
export function addUser(program: Command, io: Io): void {
  const user = program.command('user').description('people who sign in')
  resultCommand(user, 'add <email>', 'add a user; no mailbox is made')
    .option(...PASSWORD_STDIN)
    .addOption(new Option('--role <role>', 'what the user may do').choices(ROLES).default('user'))
    .option('--name <name>', 'name of the person')
    .action((email: string, options: AddOptions) => add(io, email, options))
  resultCommand(user, 'list', 'list the users').action((format: Format) => list(io, format))
  resultCommand(user, 'remove <email>', 'remove a user with their sessions and keys').action(
    (email: string, format: Format) => remove(io, email, format),
  )
}
