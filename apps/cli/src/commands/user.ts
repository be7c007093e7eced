import { type Role, ROLES } from '@mairust/db/names'
import type { Command } from 'commander'
import { Option } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { readPassword } from '../password.ts'
import { withServices } from '../services.ts'
import { PASSWORD_STDIN, type PasswordOptions, requireChange, resultCommand } from './kit.ts'
import { namedUser } from './named.ts'
import { addUserShow } from './user-show.ts'

interface AddOptions extends PasswordOptions {
  role?: Role | undefined
  name?: string | undefined
}

async function add(io: Io, email: string, { role, name, ...options }: AddOptions): Promise<void> {
  const password = await readPassword(io, options)
  const { createUser } = await import('@mairust/api/services')
  const user = await withServices(io, (ctx) => createUser(ctx, { email, password, role, name }))
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
    CREATED: (u) => u.created_at,
    NAME: (u) => u.name,
  })
}

interface ChangeOptions extends Format {
  email?: string | undefined
  name?: string | undefined
  role?: Role | undefined
  suspend?: true | undefined
  unsuspend?: true | undefined
}

async function change(io: Io, email: string, options: ChangeOptions): Promise<void> {
  const { email: newEmail, name, role, suspend, unsuspend, ...format } = options
  const suspended = suspend ?? (unsuspend === true ? false : undefined)
  const input = requireChange(
    { email: newEmail, name, role, suspended },
    '--email, --name, --role, --suspend, --unsuspend',
  )
  const { updateUser } = await import('@mairust/api/services')
  const user = await withServices(io, async (ctx) => {
    const { id } = await namedUser(ctx, email)
    return updateUser(ctx, { id, ...input })
  })
  printOne(
    io,
    format,
    user,
    (changed) => `changed ${changed.email} (${changed.role}${changed.suspended ? ', suspended' : ''})`,
  )
}

async function remove(io: Io, email: string, format: Format): Promise<void> {
  const { removeUser } = await import('@mairust/api/services')
  const answer = await withServices(io, async (ctx) => removeUser(ctx, { id: (await namedUser(ctx, email)).id }))
  printOne(io, format, answer, () => `removed ${email}; their mailboxes stay, without an owner`)
}

/** `user add|list|show|change|remove`. */
export function addUser(program: Command, io: Io): void {
  const user = program.command('user').description('manage the people who sign in')
  resultCommand(user, 'add <email>', 'add a user; this does not add a mailbox')
    .option(...PASSWORD_STDIN)
    .addOption(new Option('--role <role>', 'what the user may do').choices(ROLES).default('user'))
    .option('--name <name>', 'the name of the person')
    .action((email: string, options: AddOptions) => add(io, email, options))
  resultCommand(user, 'list', 'list the users').action((format: Format) => list(io, format))
  addUserShow(user, io)
  resultCommand(user, 'change <email>', 'change a user; a new role or a suspension ends their sessions')
    .option('--email <email>', 'a new address to sign in with')
    .option('--name <name>', 'the name of the person')
    .addOption(new Option('--role <role>', 'what the user may do').choices(ROLES))
    .addOption(new Option('--suspend', 'stop the user from signing in').conflicts('unsuspend'))
    .option('--unsuspend', 'let the user sign in again')
    .action((email: string, options: ChangeOptions) => change(io, email, options))
  resultCommand(user, 'remove <email>', 'remove a user with their sessions and keys').action(
    (email: string, format: Format) => remove(io, email, format),
  )
}
