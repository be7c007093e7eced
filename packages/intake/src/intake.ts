import {
  type Database,
  DatabaseBusyError,
  DatabaseUnavailableError,
  type Dialect,
  trackGrowth,
  isDiskFull,
} from '@mairust/db'
import { type BlobStore, BlobStoreFullError, removeBlobs } from '@mairust/db/blob'
import {
  type AcceptFailure,
  type AcceptItem,
  acceptMessages,
  type AcceptObject,
  type JourneyInput,
  type ReachedLimit,
  recordJourneys,
  type SendingLimit,
} from '@mairust/db/queries/accept'
import type { Log } from '@mairust/log'
import type { MessageIndex } from '@mairust/mail-core/message'
import { createCommitter } from './committer.ts'
import { journeyWeight } from './journey-weight.ts'
import type { MessageIndexer } from './message-index.ts'
import type { Part } from './part.ts'
import { searchWeight } from './search-weight.ts'
import { type MessageObject, storeObjects } from './store-objects.ts'

/** Why a message was not stored. Nothing of it remains, not even its journey. */
export type StoreFailure = AcceptFailure['reason']

/** `failure` is null when the message is stored. */
export interface StoreOutcome {
  readonly failure: StoreFailure | null
  /** With `over_limit`. */
  readonly reached?: ReachedLimit | undefined
}

/** A message to store. */
export interface Message {
  /** From `index`; it may still be pending. */
  readonly index: MessageIndex | Promise<MessageIndex>
  readonly objects: readonly MessageObject[]
  /** What bounds its recipients elsewhere. */
  readonly limits?: readonly SendingLimit[] | undefined
  /** Called once the objects are on stable storage, so that the journey can record it. */
  readonly journey: () => JourneyInput
  readonly receivedAt: Date
}

/**
 * Stores incoming messages, and the journeys of those that were not stored. Call `index` first, in parallel with decisions about
 * the message, then `store`.
 */
export interface Intake {
  /** Builds what lists and search need. A hostile message cannot make it fail. Senders take turns. */
  index(parts: readonly Part[], sender: string): Promise<MessageIndex>
  /**
   * Puts the objects on stable storage, then writes all their rows in a transaction shared with others: an object without a row is
   * harmless and gets pruned, a row without its object would be lost mail. When it resolves without a failure, the message is on
   * stable storage; with one, nothing of it remains. When it throws, the message may or may not be stored.
   */
  store(message: Message): Promise<StoreOutcome>
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
  const grew = trackGrowth(db)
  const committer = createCommitter<AcceptItem, StoreOutcome, JourneyInput>({
    commit: async (items) => {
      const { failures } = await db.transaction((tx) => acceptMessages(tx, items, changes))
      grew(items.length - failures.length).catch((error: unknown) =>
        log.debug({ err: error }, 'Could not analyze tables'),
      )
      const byItem = new Map(failures.map((failure) => [failure.index, failure]))
      return items.map((_, index) => {
        const failed = byItem.get(index)
        return { failure: failed?.reason ?? null, reached: failed?.reached }
      })
    },
    record: (journeys) => db.transaction((tx) => recordJourneys(tx, journeys)),
    isOutage: (error) =>
      error instanceof DatabaseBusyError || error instanceof DatabaseUnavailableError || isDiskFull(error),
    inFlight: IN_FLIGHT[dialect],
    keysOf: ({ objects }) =>
      objects.flatMap(({ copies }) => copies.map(({ tenantId, mailboxId }) => `${tenantId} ${mailboxId}`)),
    weightOf: ({ objects }) => objects.reduce((sum, object) => sum + weightOf(object), 0),
    weightOfNote: journeyWeight,
    log,
  })

  return {
    index: (parts, sender) => {
      const reading = indexer.index(parts, sender)
      // `store` awaits it later, if at all; until then a rejection must not count as unhandled.
      reading.catch(() => undefined)
      return reading
    },
    store: async ({ objects, limits, journey, receivedAt, index }) => {
      const stored = await storeObjects({ blobs, log }, objects, index, receivedAt)
      const outcome = await committer.add({ journey: journey(), limits, objects: stored })
      // Safe to delete: the commit reported that no row refers to the objects.
      if (outcome.failure !== null)
        await removeBlobs(
          { blobs, log },
          stored.map((object) => object.blobKey),
        )
      return outcome
    },
    record: (journey) => committer.note(journey),
    drain: () => committer.drain(),
    get droppedJourneys() {
      return committer.droppedNotes
    },
  }
}

/** Whether an error of `store` means that there is no space left for mail. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof BlobStoreFullError || isDiskFull(error)
}

/** Indexed characters times mailboxes. */
const weightOf = ({ copies, index }: AcceptObject): number => copies.length * searchWeight(index)
