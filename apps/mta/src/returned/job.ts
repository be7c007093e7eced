import type { Config } from '@mairust/config'
import type { Database, Db } from '@mairust/db'
import { BlobNotFoundError, type BlobStore } from '@mairust/db/blob'
import { acceptMessages } from '@mairust/db/queries/accept'
import { readReturnedMail } from '@mairust/db/queries/accept-returned'
import { appendJourneyEvents } from '@mairust/db/queries/journey-event'
import { deleteReturned, type ReturnedRow, waitingReturned } from '@mairust/db/queries/returned-mail'
import { every, handle, type Handler, type Timer } from '@mairust/db/queue'
import { type MessageIndexer, type ReturnedReader, returnPathSettings } from '@mairust/intake'
import type { Log } from '@mairust/log'
import { applyReturned } from './apply.ts'
import { eventHere, eventThere } from './events.ts'
import { passOn } from './pass-on.ts'
import { tiedTo } from './tied.ts'

export interface ReturnedOptions {
  readonly config: () => Pick<Config, 'outbound'>
  /** 32 bytes; signs return paths. */
  readonly masterKey: Buffer
  readonly database: Database
  readonly blobs: Pick<BlobStore, 'read'>
  readonly reader: Pick<ReturnedReader, 'read'>
  readonly indexer: Pick<MessageIndexer, 'index'>
  readonly log: Log
  readonly now?: (() => Date) | undefined
}

const MINUTE = 60_000
/** Mails that are looked for at a time. */
const BATCH = 50
/** Bytes that are read of a mail: a bounce says what it has to say before the copy of a message that may be large. */
const MAX_READ = 4 * 1024 * 1024

/** The job that reads what came back to return paths and feedback addresses (O47–O49), and when. */
export function readingReturned(options: ReturnedOptions): { handlers: Handler[]; timers: Timer[] } {
  const { config, masterKey, database, blobs, reader, indexer, log, now = () => new Date() } = options
  const { db, changes } = database

  /** Returns what could not be done: the rest is done all the same. */
  async function all(signal: AbortSignal): Promise<void> {
    const failed: unknown[] = []
    while (!signal.aborted) {
      const rows = (await waitingReturned(db, BATCH + failed.length)).slice(failed.length)
      if (rows.length === 0) break
      for (const row of rows) {
        await one(row).catch((error: unknown) => {
          failed.push(error)
          log.error({ err: error, journey_id: row.journeyId }, 'Returned mail could not be read; trying again')
        })
      }
    }
    if (failed.length > 0) throw new AggregateError(failed, 'some returned mail could not be read')
  }

  async function one(row: ReturnedRow): Promise<void> {
    const raw = await read(row)
    const mail = raw && (await reader.read({ raw: raw.subarray(0, MAX_READ), sender: row.sender }))
    const settings = returnPathSettings(masterKey, config().outbound.return_paths)
    const tied = mail && (await tiedTo(db, row, mail, { settings, now: row.createdAt }))
    const terms = { localParts: config().outbound.suppression.exempt_local_parts, now: now() }
    const done = async (tx: Db): Promise<void> => {
      if (!(await deleteReturned(tx, row))) throw new Error('it was read by another process')
      await appendJourneyEvents(tx, [eventHere(row, mail, tied, terms.now)])
    }
    const isApplied =
      mail !== null &&
      tied !== null &&
      (await db.transaction(async (tx) => {
        const applied = await applyReturned(tx, mail, tied, terms)
        if (applied) await done(tx)
        return applied
      }))
    if (isApplied) return
    const item = raw === null ? null : await passOn(row, raw, { db, indexer, now: terms.now })
    if (item === null && raw !== null) log.warn({ journey_id: row.journeyId }, 'Returned mail has nobody to go to')
    await db.transaction(async (tx) => {
      const { failures } = item === null ? { failures: [] } : await acceptMessages(tx, [item], changes)
      for (const { reason } of failures) log.warn({ journey_id: row.journeyId, reason }, 'Returned mail cannot be kept')
      await appendJourneyEvents(tx, mail === null || tied === null ? [] : [eventThere(mail, tied, terms.now)])
      await done(tx)
    })
  }

  async function read({ blobKey, journeyId }: ReturnedRow): Promise<Buffer | null> {
    try {
      return await blobs.read(blobKey)
    } catch (error) {
      if (!(error instanceof BlobNotFoundError)) throw error
      log.error({ err: error, journey_id: journeyId }, 'Returned mail is not in the store')
      return null
    }
  }

  return {
    handlers: [handle(readReturnedMail, (_, { signal }) => all(signal))],
    // For what a crash left behind.
    timers: [
      every(
        {
          name: 'returned',
          everyMs: MINUTE,
          firstMs: 5000,
          isNeeded: async () => (await waitingReturned(db, 1)).length > 0,
        },
        readReturnedMail,
        {},
      ),
    ],
  }
}
