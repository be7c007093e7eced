import type { Log } from '@mairust/log'
import { createNotes } from './notes.ts'

export interface CommitterOptions<Item, Outcome, Note> {
  /** Writes all items in one transaction and returns one outcome per item, in order; throws when nothing was kept. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>
  /** Writes notes in one transaction. */
  readonly record: (notes: readonly Note[]) => Promise<void>
  /** Whether the error means that the whole database is down, so retrying items one by one is pointless. */
  readonly isOutage: (error: unknown) => boolean
  /** Most concurrent transactions: 1 on SQLite, which has one writer. */
  readonly inFlight: number
  readonly log: Log
  /**
   * What an item's transaction locks. Concurrent transactions never share a key: the second would only wait, while
   * items that arrive meanwhile can share one transaction. Items with the same key keep their order.
   */
  readonly keysOf?: ((item: Item) => readonly string[]) | undefined
  /** How much work an item is; the item that reaches `maxWeight` closes the batch. */
  readonly weightOf?: ((item: Item) => number) | undefined
  /** How many rows a note is, and how much text; notes beyond a limit are dropped. Default: 1. */
  readonly weightOfNote?: ((note: Note) => number) | undefined
  readonly maxBatch?: number | undefined
  readonly maxWeight?: number | undefined
  readonly maxWaitMs?: number | undefined
}

/** Groups items from concurrent sessions into few transactions; each caller waits for its own outcome. */
export interface Committer<Item, Outcome, Note> {
  /** Resolves when the item is on stable storage. Rejects when it is not, even if only this item was at fault. */
  add(item: Item): Promise<Outcome>
  /** Queues a note to be written when the database is up, and idle or busy for long. */
  note(note: Note): void
  /** Resolves when all items and notes are written or have failed. Nothing may be added afterwards. */
  drain(): Promise<void>
  readonly droppedNotes: number
}

/** After how many transactions notes get their turn though items wait. */
const NOTES_AFTER = 16
/** Characters of indexed words times mailboxes: a fraction of a second's work. */
const MAX_WEIGHT = 1_200_000

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Creates a committer: a transaction takes up to `maxBatch` (64) waiting items, or whatever has waited `maxWaitMs` (2).
 */
export function createCommitter<Item, Outcome, Note>(
  options: CommitterOptions<Item, Outcome, Note>,
): Committer<Item, Outcome, Note> {
  const { commit, record, isOutage, log, inFlight: maxInFlight, maxBatch = 64, maxWaitMs = 2 } = options
  const { weightOf = () => 0, maxWeight = MAX_WEIGHT, keysOf = () => [], weightOfNote = () => 1 } = options
  let queue: Waiting<Item, Outcome>[] = []
  const notes = createNotes({ record, weightOf: weightOfNote, isOutage, onReady: () => pump(true), log })
  /** Keys of the running transactions. */
  const locked = new Set<string>()
  let inFlight = 0
  /** Transactions of items since notes were last written. */
  let sinceNotes = 0
  let timer: NodeJS.Timeout | null = null
  let drained: (() => void)[] = []

  const start = (work: Promise<void>): void => {
    inFlight += 1
    void work.finally(() => {
      inFlight -= 1
      pump(true)
    })
  }

  const writeNotes = (): void => {
    sinceNotes = 0
    start(notes.write())
  }

  /** The oldest items that can start now; an item that must wait holds back later ones with the same keys. */
  const nextBatch = (): Waiting<Item, Outcome>[] => {
    const batch: Waiting<Item, Outcome>[] = []
    const later: Waiting<Item, Outcome>[] = []
    const held = new Set(locked)
    let weight = 0
    for (const waiting of queue) {
      const keys = keysOf(waiting.item)
      if (batch.length === maxBatch || weight >= maxWeight || keys.some((key) => held.has(key))) {
        later.push(waiting)
        for (const key of keys) held.add(key)
      } else {
        batch.push(waiting)
        weight += weightOf(waiting.item)
      }
    }
    queue = later
    return batch
  }

  const commitNext = (batch: readonly Waiting<Item, Outcome>[]): void => {
    const keys = batch.flatMap(({ item }) => keysOf(item))
    for (const key of keys) locked.add(key)
    start(
      commitAll(batch).finally(() => {
        for (const key of keys) locked.delete(key)
      }),
    )
  }

  /** @param waited whether the queued items have already waited long enough */
  const pump = (waited: boolean): void => {
    while (inFlight < maxInFlight && queue.length > 0 && (waited || queue.length >= maxBatch)) {
      if (sinceNotes >= NOTES_AFTER && notes.ready) {
        writeNotes()
        continue
      }
      const batch = nextBatch()
      if (batch.length === 0) break
      sinceNotes += 1
      commitNext(batch)
    }
    if (queue.length > 0 && !waited && inFlight < maxInFlight) timer ??= setTimeout(onTimer, maxWaitMs)
    if (queue.length > 0 || inFlight > 0) return
    if (notes.ready) {
      writeNotes()
      return
    }
    for (const resolve of drained.splice(0)) resolve()
  }

  const onTimer = (): void => {
    timer = null
    pump(true)
  }

  const commitAll = async (batch: readonly Waiting<Item, Outcome>[]): Promise<void> => {
    try {
      const outcomes = await commit(batch.map(({ item }) => item))
      for (const [at, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[at]
        if (outcome === undefined) reject(new Error('The commit returned no outcome'))
        else resolve(outcome)
      }
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { reject } of batch) reject(error)
        return
      }
      log.warn({ err: error, messages: batch.length }, 'Could not write a batch; trying each message alone')
      for (const waiting of batch) await commitAll([waiting])
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        pump(false)
      }),
    note: (note) => {
      notes.add(note)
      if (inFlight === 0 && queue.length === 0) timer ??= setTimeout(onTimer, maxWaitMs)
    },
    drain: () =>
      new Promise((resolve) => {
        drained = [...drained, resolve]
        notes.finish()
        pump(true)
      }),
    get droppedNotes() {
      return notes.dropped
    },
  }
}
