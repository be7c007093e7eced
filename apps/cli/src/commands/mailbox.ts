import { type Command, InvalidArgumentError } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { deleted, resultCommand } from './kit.ts'
import { namedMailbox, namedUser } from './named.ts'

interface AddOptions extends Format {
  user?: string | undefined
  quotaMb?: number | undefined
  displayName?: string | undefined
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

async function add(io: Io, address: string, { user, quotaMb, displayName, ...format }: AddOptions): Promise<void> {
  const { createMailbox } = await import('@mairust/api/services')
  const mailbox = await withServices(io, async (ctx) => {
    const owner = user === undefined ? undefined : (await namedUser(ctx, user)).id
    return createMailbox({ ctx, input: { address, user_id: owner, quota_mb: quotaMb, display_name: displayName } })
  })
  printOne(io, format, mailbox, (made) => `added ${made.address}`)
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

async function list(io: Io, format: Format): Promise<void> {
  const { listMailboxes } = await import('@mairust/api/services')
  const mailboxes = await withServices(io, (ctx) => allPages(listMailboxes, ctx, {}))
  printList(io, format, mailboxes, {
    ID: (m) => m.id,
    ADDRESS: (m) => m.address,
    USER: (m) => m.user_id ?? '-',
    USED: (m) => megabytes(m.used_bytes),
    QUOTA: (m) => (m.quota_bytes === null ? '-' : megabytes(m.quota_bytes)),
  })
}

async function remove(io: Io, address: string, format: Format): Promise<void> {
  const { removeMailbox } = await import('@mairust/api/services')
  const id = await withServices(io, async (ctx) => {
    const { id: mailboxId } = await namedMailbox(ctx, address)
    await removeMailbox({ ctx, input: { id: mailboxId } })
    return mailboxId
  })
  printOne(io, format, deleted(id), () => `removed ${address} with its mail`)
}

/** `mailbox add|list|remove`. */
export function addMailbox(program: Command, io: Io): void {
  const mailbox = program.command('mailbox').description('where mail is kept')
  resultCommand(mailbox, 'add <address>', 'add a mailbox in one of the domains')
    .option('--user <email>', 'the user it belongs to')
    .option('--quota-mb <megabytes>', 'how much it may hold', wholeNumber)
    .option('--display-name <name>', 'name shown beside the address')
    .action((address: string, options: AddOptions) => add(io, address, options))
  resultCommand(mailbox, 'list', 'list the mailboxes').action((format: Format) => list(io, format))
  resultCommand(mailbox, 'remove <address>', 'remove a mailbox with all its mail').action(
    (address: string, format: Format) => remove(io, address, format),
  )
}
