import type { ServiceContext } from '@mairust/api/services'
import { analyzeMail, createId, followGrowth, isUniqueViolation } from '@mairust/db'
import { type AcceptCopy, type AcceptItem, acceptMessages } from '@mairust/db/queries/accept'
import { findImportKeys } from '@mairust/db/queries/import'
import { CliError, EXIT } from '../exit.ts'
import { inBatches } from './batches.ts'
import { importKeys } from './import-key.ts'
import type { Prepared } from './prepare.ts'
import type { Preparer } from './preparer.ts'
import { isLeftOut, type LeftOutReason, type SourceEntry, type SourceMessage } from './source.ts'

/** Where imported messages go. */
export interface Target {
  mailboxId: string
  address: string
  /** What tells this import from others: its source, and the folder that was asked for. */
  importName: string
  /** Folder and tags for a message of the source. */
  placeFor: (message: SourceMessage) => Promise<Pick<AcceptCopy, 'folderId' | 'folderRole' | 'tagIds'>>
}

/** What came of an import. */
export interface ImportResult extends Record<LeftOutReason, number> {
  imported: number
  /** Messages that an import has brought into this mailbox before. */
  alreadyThere: number
  bytes: number
}

/** Reads, stores and reports. */
export interface ImportWork {
  preparer: Preparer
  entries: AsyncIterable<SourceEntry>
  /** Told after each commit. */
  onProgress?: ((result: ImportResult) => void) | undefined
  /** Told of each message that stays out. */
  onLeftOut?: ((reason: LeftOutReason, detail: string) => void) | undefined
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

interface Keyed {
  message: SourceMessage
  importKey: string
}

async function toItem(
  ctx: ServiceContext,
  target: Target,
  { message, importKey }: Keyed,
  made: Prepared,
): Promise<AcceptItem> {
  const { seen, starred, answered, draft } = message
  const copy = {
    tenantId: ctx.actor.tenantId,
    mailboxId: target.mailboxId,
    messageId: createId('msg'),
    receivedAt: message.receivedAt ?? made.index.date ?? ctx.now(),
    ...(await target.placeFor(message)),
  }
  return {
    journey: journeyOf(ctx, target, made.index.from[0]?.address ?? ''),
    copies: [{ ...copy, seen, starred, answered, draft, importKey }],
    ...made,
    ignoreQuota: true,
  }
}

async function commit(ctx: ServiceContext, items: readonly AcceptItem[]): Promise<void> {
  if (items.length === 0) return
  const { failures } = await ctx.db
    .transaction((tx) => acceptMessages(tx, items, ctx.changes))
    .catch((error: unknown) => {
      if (!isUniqueViolation(error, 'messages_import_key')) throw error
      throw new CliError(
        'another import of these messages into this mailbox is under way; run this again when it is done',
      )
    })
  if (failures.length > 0) throw new CliError('the mailbox was removed meanwhile', EXIT.notFound)
}

/** What a batch of the source becomes. */
interface Batch {
  items: AcceptItem[]
  alreadyThere: number
  unreadable: Keyed[]
}

async function* toBatches(
  ctx: ServiceContext,
  target: Target,
  preparer: Preparer,
  messages: AsyncIterable<SourceMessage>,
): AsyncGenerator<Batch> {
  const keyOf = importKeys(target.importName)
  const scope = { tenantId: ctx.actor.tenantId, mailboxId: target.mailboxId }
  for await (const batch of inBatches(messages)) {
    const keyed = batch.map((message): Keyed => ({ message, importKey: keyOf(message) }))
    const present = await findImportKeys(
      ctx.db,
      scope,
      keyed.map(({ importKey }) => importKey),
    )
    const fresh = keyed.filter(({ importKey }) => !present.has(importKey))
    const prepared = await preparer.prepare(fresh.map(({ message }) => message.raw))
    const items: Promise<AcceptItem>[] = []
    const unreadable: Keyed[] = []
    fresh.forEach((each, at) => {
      const made = prepared[at]
      if (made === null || made === undefined) unreadable.push(each)
      else items.push(toItem(ctx, target, each, made))
    })
    yield { items: await Promise.all(items), alreadyThere: keyed.length - fresh.length, unreadable }
  }
}

const subjectOf = ({ raw }: SourceMessage): string =>
  /^Subject:.*$/im.exec(raw.toString('latin1', 0, 20_000))?.[0].slice(0, 100) ?? 'a message without a subject'

/**
 * Stores messages, a batch a transaction; while one batch is committed the next is read and written to disk. When it throws, what was
 * committed stays, and the next import of the same source goes on from there.
 */
export async function importMessages(
  ctx: ServiceContext,
  target: Target,
  { preparer, entries, onProgress, onLeftOut }: ImportWork,
): Promise<ImportResult> {
  const result: ImportResult = {
    imported: 0,
    alreadyThere: 0,
    deleted: 0,
    empty: 0,
    internal: 0,
    unreadable: 0,
    bytes: 0,
  }
  const leaveOut = (reason: LeftOutReason, detail: string): void => {
    result[reason] += 1
    onLeftOut?.(reason, detail)
  }
  const messages = async function* (): AsyncGenerator<SourceMessage> {
    for await (const entry of entries)
      if (isLeftOut(entry)) leaveOut(entry.leftOut, entry.detail)
      else yield entry
  }
  let committing: Promise<void> = Promise.resolve()
  const grew = followGrowth(ctx.db)
  for await (const { items, alreadyThere, unreadable } of toBatches(ctx, target, preparer, messages())) {
    await committing
    for (const { message } of unreadable) leaveOut('unreadable', `${subjectOf(message)}: it could not be parsed`)
    committing = commit(ctx, items).then(async () => {
      result.imported += items.length
      result.alreadyThere += alreadyThere
      result.bytes += items.reduce((sum, { size }) => sum + size, 0)
      onProgress?.(result)
      await grew(items.length)
    })
    // Its failure is met at the next await; until then it must not count as unhandled.
    committing.catch(() => undefined)
  }
  await committing
  if (result.imported > 0) await analyzeMail(ctx.db)
  return result
}
