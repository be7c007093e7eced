import { analyzeMail, createId, type Database, trackGrowth, isUniqueViolation } from '@mairust/db'
import { type AcceptCopy, type AcceptItem, acceptMessages } from '@mairust/db/queries/accept'
import { findImportKeys } from '@mairust/db/queries/import'
import { inBatches } from './batches.ts'
import type { StoreFailure } from './intake.ts'
import { internalJourney } from './internal-journey.ts'
import type { PreparedMessage } from './prepare.ts'
import type { Preparer } from './preparer.ts'

/** A message from an archive, which no SMTP session delivered. */
export interface ImportMessage {
  /** With CRLF line ends. */
  readonly raw: Buffer
  /** Identifies the message in later imports. */
  readonly importKey: string
  /** When it arrived; null when unknown: then its Date field counts. */
  readonly receivedAt: Date | null
  readonly seen: boolean
  readonly starred: boolean
  readonly answered: boolean
  readonly draft: boolean
}

/** Folder and tags of an imported message. */
export type ImportPlace = Pick<AcceptCopy, 'folderId' | 'folderRole' | 'tagIds'>

/** Where imported messages go. */
export interface ImportTarget<Message> {
  readonly tenantId: string
  readonly mailboxId: string
  readonly address: string
  /** Who imports, as shown in the message's journey: `command line`, for example. */
  readonly importedBy: string
  /** Called only for messages that will be stored. */
  readonly placeFor: (message: Message) => Promise<ImportPlace>
}

export interface ImportOptions {
  readonly database: Pick<Database, 'db' | 'changes'>
  readonly preparer: Pick<Preparer, 'prepare'>
  readonly now: () => Date
}

/** Outcome of one batch, which is on stable storage. */
export interface ImportedBatch<Message> {
  readonly imported: number
  /** Messages that an earlier import brought into this mailbox. */
  readonly alreadyThere: number
  /** Messages that cannot be read and are left out. */
  readonly unreadable: readonly Message[]
  readonly bytes: number
}

/** The import cannot continue. `concurrent_import`: another import is adding the same messages to this mailbox. */
export class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError'
  readonly reason: StoreFailure | 'concurrent_import'

  constructor(reason: ImportStoppedError['reason'], options?: ErrorOptions) {
    super(`The import cannot continue: ${reason}`, options)
    this.reason = reason
  }
}

/**
 * Stores messages regardless of the mailbox's quota, one transaction per batch, and none twice. While one batch is
 * committed, the next is read and written to disk. When it throws or is abandoned, committed batches stay, and the next
 * import of the same messages continues from there.
 * @throws ImportStoppedError
 */
export async function* importMessages<Message extends ImportMessage>(
  options: ImportOptions,
  target: ImportTarget<Message>,
  messages: AsyncIterable<Message>,
): AsyncGenerator<ImportedBatch<Message>> {
  const { db } = options.database
  const grew = trackGrowth(db)
  let imported = 0
  let committing: Promise<ImportedBatch<Message>> | null = null
  try {
    for await (const batch of preparedBatches(options, target, messages)) {
      if (committing !== null) yield await committing
      committing = commit(options, batch).then(async (done) => {
        imported += done.imported
        await grew(done.imported)
        return done
      })
      // Awaited in the next round; until then a failure must not count as unhandled.
      committing.catch(() => undefined)
    }
    if (committing !== null) yield await committing
  } finally {
    // Leave nothing running, even when the source failed.
    await committing?.catch(() => undefined)
  }
  if (imported > 0) await analyzeMail(db)
}

/** A batch whose blobs are on stable storage. */
interface PreparedBatch<Message> {
  items: AcceptItem[]
  alreadyThere: number
  unreadable: Message[]
}

async function* preparedBatches<Message extends ImportMessage>(
  options: ImportOptions,
  target: ImportTarget<Message>,
  messages: AsyncIterable<Message>,
): AsyncGenerator<PreparedBatch<Message>> {
  for await (const batch of inBatches(messages)) {
    const keys = batch.map(({ importKey }) => importKey)
    const present = await findImportKeys(options.database.db, target, keys)
    const fresh = batch.filter(({ importKey }) => !present.has(importKey))
    const prepared = await options.preparer.prepare(fresh.map(({ raw }) => raw))
    const items: Promise<AcceptItem>[] = []
    const unreadable: Message[] = []
    fresh.forEach((message, at) => {
      const made = prepared[at]
      if (made === null || made === undefined) unreadable.push(message)
      else items.push(toItem(options, target, message, made))
    })
    yield { items: await Promise.all(items), alreadyThere: batch.length - fresh.length, unreadable }
  }
}

async function commit<Message>(
  { database: { db, changes } }: ImportOptions,
  { items, alreadyThere, unreadable }: PreparedBatch<Message>,
): Promise<ImportedBatch<Message>> {
  if (items.length > 0) {
    const { failures } = await db
      .transaction((tx) => acceptMessages(tx, items, changes))
      .catch((error: unknown) => {
        if (!isUniqueViolation(error, 'messages_import_key')) throw error
        throw new ImportStoppedError('concurrent_import', { cause: error })
      })
    const [failure] = failures
    if (failure !== undefined) throw new ImportStoppedError(failure.reason)
  }
  const bytes = items.reduce((sum, { objects }) => sum + objects.reduce((all, { size }) => all + size, 0), 0)
  return { imported: items.length, alreadyThere, unreadable, bytes }
}

async function toItem<Message extends ImportMessage>(
  { now }: ImportOptions,
  target: ImportTarget<Message>,
  message: Message,
  made: PreparedMessage,
): Promise<AcceptItem> {
  const { seen, starred, answered, draft, importKey } = message
  const copy = {
    tenantId: target.tenantId,
    mailboxId: target.mailboxId,
    messageId: createId('msg'),
    receivedAt: message.receivedAt ?? made.index.date ?? now(),
    ...(await target.placeFor(message)),
  }
  return {
    journey: internalJourney({
      ...target,
      sender: made.index.from[0]?.address ?? '',
      startedAt: now(),
      name: 'import',
      detail: target.importedBy,
      reply: 'imported',
    }),
    objects: [{ ...made, copies: [{ ...copy, seen, starred, answered, draft, importKey }] }],
    beyondQuota: Infinity,
  }
}
