import type { ServiceContext } from '@mairust/api/services'
import { analyzeMail, createId, followGrowth } from '@mairust/db'
import { type AcceptItem, acceptMessages } from '@mairust/db/queries/accept'
import { CliError, EXIT } from '../exit.ts'
import { inBatches } from './batches.ts'
import type { Prepared } from './prepare.ts'
import type { Preparer } from './preparer.ts'
import type { SourceMessage } from './source.ts'

/** Where imported messages go. */
export interface Target {
  mailboxId: string
  address: string
  /** The folder for messages of a subfolder of the source, or of its top (null); undefined: the inbox. */
  folderFor: (subfolder: string | null) => Promise<string | undefined>
}

export interface ImportResult {
  imported: number
  /** Messages that could not be read and were left out. */
  unreadable: number
  bytes: number
}

/** The journey of an imported message: it met no server, but whoever traces it should find where it came from. */
function journeyOf(ctx: ServiceContext, { address }: Target, sender: string): AcceptItem['journey'] {
  const { tenantId } = ctx.actor
  const startedAt = ctx.now()
  const reply = 'imported'
  return {
    id: createId('jrn'),
    tenantId,
    direction: 'internal',
    status: 'accepted',
    sender,
    remoteAddress: '',
    helo: '',
    reply,
    steps: [
      {
        at: startedAt.toISOString(),
        ms: 0,
        kind: 'store',
        name: 'import',
        result: 'ok',
        detail: 'command line',
        recipient: null,
      },
    ],
    startedAt,
    recipients: [{ tenantId, address, status: 'accepted', reply }],
  }
}

async function toItem(
  ctx: ServiceContext,
  target: Target,
  message: SourceMessage,
  made: Prepared,
): Promise<AcceptItem> {
  const { seen, starred, answered, draft } = message
  const copy = {
    tenantId: ctx.actor.tenantId,
    mailboxId: target.mailboxId,
    messageId: createId('msg'),
    folderId: await target.folderFor(message.folder),
    receivedAt: message.receivedAt ?? made.index.date ?? ctx.now(),
  }
  return {
    journey: journeyOf(ctx, target, made.index.from[0]?.address ?? ''),
    copies: [{ ...copy, seen, starred, answered, draft }],
    ...made,
    ignoreQuota: true,
  }
}

async function commit(ctx: ServiceContext, items: readonly AcceptItem[]): Promise<void> {
  if (items.length === 0) return
  const { failures } = await ctx.db.transaction((tx) => acceptMessages(tx, items, ctx.changes))
  if (failures.length > 0) throw new CliError('the mailbox was removed meanwhile', EXIT.notFound)
}

async function* withItems(
  ctx: ServiceContext,
  target: Target,
  preparer: Preparer,
  messages: AsyncIterable<SourceMessage>,
): AsyncGenerator<{ items: AcceptItem[]; unreadable: number }> {
  for await (const batch of inBatches(messages)) {
    const prepared = await preparer.prepare(batch.map(({ raw }) => raw))
    const readable = batch.flatMap((message, at) => {
      const made = prepared[at]
      return made === null || made === undefined ? [] : [toItem(ctx, target, message, made)]
    })
    yield { items: await Promise.all(readable), unreadable: batch.length - readable.length }
  }
}

/**
 * Stores messages, a batch a transaction; while one batch is committed the next is read and written to disk.
 * `onProgress` is told after each commit. When it throws, what was committed stays.
 */
export async function importMessages(
  ctx: ServiceContext,
  target: Target,
  { preparer, messages }: { preparer: Preparer; messages: AsyncIterable<SourceMessage> },
  onProgress: (result: ImportResult) => void = () => undefined,
): Promise<ImportResult> {
  const result: ImportResult = { imported: 0, unreadable: 0, bytes: 0 }
  let committing: Promise<void> = Promise.resolve()
  const grew = followGrowth(ctx.db)
  for await (const { items, unreadable } of withItems(ctx, target, preparer, messages)) {
    await committing
    committing = commit(ctx, items).then(async () => {
      result.imported += items.length
      result.unreadable += unreadable
      result.bytes += items.reduce((sum, { size }) => sum + size, 0)
      onProgress(result)
      await grew(items.length)
    })
    // Its failure is met at the next await; until then it must not count as unhandled.
    committing.catch(() => undefined)
  }
  await committing
  await analyzeMail(ctx.db)
  return result
}
