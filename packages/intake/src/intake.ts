import {
  type Database,
  DatabaseBusyError,
  DatabaseUnavailableError,
  type Dialect,
  followGrowth,
  isDiskFull,
} from '@mairust/db'
import { blobKey, type BlobStore, BlobStoreFullError } from '@mairust/db/blob'
import {
  type AcceptFailure,
  type AcceptItem,
  acceptMessages,
  type JourneyInput,
  recordJourneys,
} from '@mairust/db/queries/accept'
import type { Log } from '@mairust/log'
import { createCommitter } from './committer.ts'
import type { MessageIndexer } from './message-index.ts'
import { joined, type Part } from './part.ts'
import type { PreparedMessage } from './prepare.ts'

/** Why a message was not stored. Nothing of it remains, not even its journey. */
export type StoreFailure = AcceptFailure['reason']

/** `failure` is null when the message is stored. */
export interface StoreOutcome {
  readonly failure: StoreFailure | null
}

/**
 * Stores incoming messages, and the journeys of those that were not stored. First `prepare`, then `store`: a blob
 * without a row is harmless and gets pruned, a row without its blob would be lost mail.
 */
export interface Intake {
  /**
   * Puts the blob on stable storage and builds its index meanwhile. A hostile message cannot make it fail; only storage
   * trouble throws.
   */
  prepare(parts: readonly Part[], now: Date): Promise<PreparedMessage>
  /**
   * Writes all rows of a prepared message in a transaction shared with others. When it resolves without a failure, the
   * message is on stable storage; with one, its blob is removed. When it throws, the message may or may not be stored.
   */
  store(message: AcceptItem): Promise<StoreOutcome>
  /** Queues the journey of a message that was not stored; it is dropped when too many are queued. */
  record(journey: JourneyInput): void
  /** Resolves when everything handed over is written or has failed. Nothing may be added afterwards. */
  drain(): Promise<void>
  readonly droppedJourneys: number
}

export interface IntakeOptions {
  readonly database: Pick<Database, 'db' | 'changes' | 'dialect'>
  readonly blobs: BlobStore
  readonly indexer: MessageIndexer
  readonly log: Log
}

/** Most concurrent transactions: SQLite has one writer, PostgreSQL many. */
const IN_FLIGHT: Readonly<Record<Dialect, number>> = { sqlite: 1, postgres: 4 }

/** Creates the only path by which incoming messages are stored. */
export function createIntake({ database, blobs, indexer, log }: IntakeOptions): Intake {
  const { db, changes, dialect } = database
  const grew = followGrowth(db)
  const committer = createCommitter<AcceptItem, StoreOutcome, JourneyInput>({
    commit: async (items) => {
      const { failures } = await db.transaction((tx) => acceptMessages(tx, items, changes))
      grew(items.length - failures.length).catch((error: unknown) =>
        log.debug({ err: error }, 'Could not analyze tables'),
      )
      const byItem = new Map(failures.map((failure) => [failure.index, failure.reason]))
      return items.map((_, index) => ({ failure: byItem.get(index) ?? null }))
    },
    record: (journeys) => db.transaction((tx) => recordJourneys(tx, journeys)),
    isOutage: (error) =>
      error instanceof DatabaseBusyError || error instanceof DatabaseUnavailableError || isDiskFull(error),
    inFlight: IN_FLIGHT[dialect],
    keysOf: ({ copies }) => copies.map(({ tenantId, mailboxId }) => `${tenantId} ${mailboxId}`),
    weightOf: ({ copies, index }) =>
      copies.length * Object.values(index.search).reduce((sum, tokens) => sum + tokens.length, 0),
    log,
  })
  return {
    prepare: async (parts, now) => {
      const key = blobKey(now)
      const [{ size, sha256 }, index] = await both(blobs.put(key, joined(parts)), indexer.index(parts))
      return { blobKey: key, size, sha256, index }
    },
    store: async (message) => {
      const outcome = await committer.add(message)
      if (outcome.failure !== null) {
        // Safe to delete: the commit reported that no row refers to the blob.
        await blobs
          .delete(message.blobKey)
          .catch((error: unknown) =>
            log.warn({ err: error }, 'Could not delete the blob of a refused message; it stays until pruning'),
          )
      }
      return outcome
    },
    record: (journey) => committer.note(journey),
    drain: () => committer.drain(),
    get droppedJourneys() {
      return committer.droppedNotes
    },
  }
}

/** Whether an error of `prepare` or `store` means that there is no space left for mail. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof BlobStoreFullError || isDiskFull(error)
}

/** Waits for both even when one fails, so that nothing keeps running afterwards. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second])
  if (a.status === 'rejected') throw a.reason
  if (b.status === 'rejected') throw b.reason
  return [a.value, b.value]
}
