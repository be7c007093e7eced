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

/** Why a message was not stored. Nothing of it is left, its journey neither. */
export type StoreFailure = AcceptFailure['reason']

/** What became of a message: `failure` is null when it is stored. */
export interface StoreOutcome {
  readonly failure: StoreFailure | null
}

/**
 * Keeps messages as they come in, one at a time, and the journeys of those that left none. First `prepare`, then `store`: an
 * object without a row is harmless and pruned, a row without its object would be lost mail.
 */
export interface Intake {
  /**
   * Puts the object on stable storage and reads its index meanwhile. The message may be as hostile as it likes; what throws is
   * trouble with storage.
   */
  prepare(parts: readonly Part[], now: Date): Promise<PreparedMessage>
  /**
   * Writes everything that refers to a prepared message in one transaction, shared with its neighbours. When it resolves without
   * a failure the message is on stable storage; with one, its object is removed. When it throws, nothing is known to be stored.
   */
  store(message: AcceptItem): Promise<StoreOutcome>
  /** Keeps the journey of a message that was not stored, some time soon; it is dropped when too many wait. */
  record(journey: JourneyInput): void
  /** Resolves when everything that was given has been written, or cannot be. Nothing may be given any more. */
  drain(): Promise<void>
  readonly droppedJourneys: number
}

export interface IntakeOptions {
  readonly database: Pick<Database, 'db' | 'changes' | 'dialect'>
  readonly blobs: BlobStore
  readonly indexer: MessageIndexer
  readonly log: Log
}

/** Transactions under way at a time: SQLite has one writer, PostgreSQL many. */
const IN_FLIGHT: Readonly<Record<Dialect, number>> = { sqlite: 1, postgres: 4 }

/** Makes the one place that keeps a message. */
export function createIntake({ database, blobs, indexer, log }: IntakeOptions): Intake {
  const { db, changes, dialect } = database
  const grew = followGrowth(db)
  const committer = createCommitter<AcceptItem, StoreOutcome, JourneyInput>({
    commit: async (items) => {
      const { failures } = await db.transaction((tx) => acceptMessages(tx, items, changes))
      grew(items.length - failures.length).catch((error: unknown) =>
        log.debug({ err: error }, 'Tables could not be analysed'),
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
        // Nothing refers to the object: the commit has said so.
        await blobs
          .delete(message.blobKey)
          .catch((error: unknown) => log.warn({ err: error }, 'A refused object stays until pruning'))
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

/** Whether an error of `prepare` or `store` says that there is no room left for mail. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof BlobStoreFullError || isDiskFull(error)
}

/** Waits for both even when one fails, so that nothing runs on after the answer. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second])
  if (a.status === 'rejected') throw a.reason
  if (b.status === 'rejected') throw b.reason
  return [a.value, b.value]
}
