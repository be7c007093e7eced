import type { MailboxWire, ServiceContext } from '@mairust/api/services'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { requireChange, resultCommand, wholeNumber } from './kit.ts'
import { namedMailbox, namedUser } from './named.ts'
import { userEmails } from './user-emails.ts'

interface AddOptions extends Format {
  user?: string | undefined
  quotaMb?: number | undefined
  displayName?: string | undefined
}

/** The id of the user with this email; passes null and undefined through. */
const ownerId = async <T extends null | undefined>(ctx: ServiceContext, user: string | T): Promise<string | T> =>
  typeof user === 'string' ? (await namedUser(ctx, user)).id : user

async function add(io: Io, address: string, { user, quotaMb, displayName, ...format }: AddOptions): Promise<void> {
  const { createMailbox } = await import('@mairust/api/services')
  const mailbox = await withServices(io, async (ctx) => {
    const owner = await ownerId(ctx, user)
    return createMailbox(ctx, { address, user_id: owner, quota_mb: quotaMb, display_name: displayName })
  })
  printOne(io, format, mailbox, (made) => `added ${made.address}`)
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

function quotaText({ quota_bytes: quota, used_bytes: used }: MailboxWire): string {
  return quota === null ? '-' : `${megabytes(quota)}${used >= quota ? ' (full)' : ''}`
}

async function list(io: Io, format: Format): Promise<void> {
  const { listMailboxes } = await import('@mairust/api/services')
  const { mailboxes, email } = await withServices(io, async (ctx) => ({
    mailboxes: await allPages(listMailboxes, ctx, {}),
    email: await userEmails(ctx),
  }))
  printList(io, format, mailboxes, {
    ID: (m) => m.id,
    ADDRESS: (m) => m.address,
    USER: (m) => email(m.user_id),
    USED: (m) => megabytes(m.used_bytes),
    QUOTA: quotaText,
    NAME: (m) => m.display_name,
  })
}

/** A `--no-…` option sets its counterpart to false. */
interface ChangeOptions extends Format {
  address?: string | undefined
  user?: string | false | undefined
  quotaMb?: number | undefined
  quota?: boolean | undefined
  displayName?: string | undefined
}

async function change(io: Io, address: string, options: ChangeOptions): Promise<void> {
  const { address: newAddress, user: named, quotaMb, quota, displayName, ...format } = options
  const user = named === false ? null : named
  const rest = { address: newAddress, quota_mb: quota === false ? null : quotaMb, display_name: displayName }
  requireChange({ ...rest, user }, '--address, --user, --no-user, --quota-mb, --no-quota, --display-name')
  const { updateMailbox } = await import('@mairust/api/services')
  const mailbox = await withServices(io, async (ctx) => {
    const { id } = await namedMailbox(ctx, address)
    return updateMailbox(ctx, { id, ...rest, user_id: await ownerId(ctx, user) })
  })
  printOne(io, format, mailbox, (changed) => `changed ${changed.address}`)
}

async function remove(io: Io, address: string, format: Format): Promise<void> {
  const { removeMailbox } = await import('@mairust/api/services')
  const answer = await withServices(io, async (ctx) =>
    removeMailbox(ctx, { id: (await namedMailbox(ctx, address)).id }),
  )
  printOne(io, format, answer, () => `removed ${address} with its mail`)
}

/** `mailbox add|list|change|remove`. */
export function addMailbox(program: Command, io: Io): void {
  const mailbox = program.command('mailbox').description('manage mailboxes')
  resultCommand(mailbox, 'add <address>', 'add a mailbox in one of your domains')
    .option('--user <email>', 'the user who owns it')
    .option('--quota-mb <megabytes>', 'its quota (default: the quota in the settings)', wholeNumber)
    .option('--display-name <name>', 'the name shown beside the address')
    .action((address: string, options: AddOptions) => add(io, address, options))
  resultCommand(mailbox, 'list', 'list the mailboxes').action((format: Format) => list(io, format))
  resultCommand(mailbox, 'change <address>', 'change the owner, quota, name or address of a mailbox')
    .option('--address <address>', 'a new address; the mail stays in the mailbox')
    .option('--user <email>', 'the user who owns it')
    .option('--no-user', 'remove its owner')
    .option('--quota-mb <megabytes>', 'its quota', wholeNumber)
    .option('--no-quota', 'remove its quota')
    .option('--display-name <name>', 'the name shown beside the address')
    .action((address: string, options: ChangeOptions) => change(io, address, options))
  resultCommand(mailbox, 'remove <address>', 'remove a mailbox with all its mail').action(
    (address: string, format: Format) => remove(io, address, format),
  )
}
