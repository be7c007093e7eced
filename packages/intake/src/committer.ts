import type { Log } from '@mairust/log'
import { createNotes } from './notes.ts'

export interface CommitterOptions<Item, Outcome, Note> {
  /** Writes all items in one transaction, answering one outcome for each in their order; throws when nothing was kept. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>
  /** Writes notes in one transaction. */
  readonly record: (notes: readonly Note[]) => Promise<void>
  /** Whether an error says that the whole database is out, so that trying each item alone is no use. */
  readonly isOutage: (error: unknown) => boolean
  /** Transactions under way at a time: 1 on SQLite, which has one writer. */
  readonly inFlight: number
  readonly log: Log
  /**
   * What an item's transaction locks. Two transactions under way never share a key: the second would only wait, while what
   * gathers meanwhile can share one transaction. Items of one key keep their order.
   */
  readonly keysOf?: ((item: Item) => readonly string[]) | undefined
  /** How much work an item is; a batch ends with the item that brings it over `maxWeight`. */
  readonly weightOf?: ((item: Item) => number) | undefined
  readonly maxBatch?: number | undefined
  readonly maxWeight?: number | undefined
  readonly maxWaitMs?: number | undefined
}

/** Writes what many sessions have ready at the same time in few transactions; each waits for its own answer. */
export interface Committer<Item, Outcome, Note> {
  /** Resolves when the item is on stable storage. Rejects when it is not, also when only the item itself was at fault. */
  add(item: Item): Promise<Outcome>
  /** Leaves a note to be written when there is nothing better to do and the database is there. Never delays an item. */
  note(note: Note): void
  /** Resolves when everything that was added and noted has been written, or cannot be. Nothing may be added any more. */
  drain(): Promise<void>
  readonly droppedNotes: number
}

/** Words to be indexed, times mailboxes: a fraction of a second's work. */
const MAX_WEIGHT = 200_000

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** Makes a committer: up to `maxBatch` (64) items that wait, or whatever has waited `maxWaitMs` (2), share a transaction. */
export function createCommitter<Item, Outcome, Note>(
  options: CommitterOptions<Item, Outcome, Note>,
): Committer<Item, Outcome, Note> {
  const { commit, record, isOutage, log, inFlight: maxInFlight, maxBatch = 64, maxWaitMs = 2 } = options
  const { weightOf = () => 0, maxWeight = MAX_WEIGHT, keysOf = () => [] } = options
  let queue: Waiting<Item, Outcome>[] = []
  const notes = createNotes({ record, isOutage, onReady: () => pump(true), log })
  /** Keys of the transactions under way. */
  const locked = new Set<string>()
  let inFlight = 0
  let timer: NodeJS.Timeout | null = null
  let drained: (() => void)[] = []

  const start = (work: Promise<void>): void => {
    inFlight += 1
    void work.finally(() => {
      inFlight -= 1
      pump(true)
    })
  }

  /** The oldest items that need wait for nothing; an item that must wait holds back the younger ones of its keys. */
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

  /** @param waited whether what is in the queue has waited long enough already */
  const pump = (waited: boolean): void => {
    while (inFlight < maxInFlight && queue.length > 0 && (waited || queue.length >= maxBatch)) {
      const batch = nextBatch()
      if (batch.length === 0) break
      commitNext(batch)
    }
    if (queue.length > 0 && !waited && inFlight < maxInFlight) timer ??= setTimeout(onTimer, maxWaitMs)
    if (queue.length > 0 || inFlight > 0) return
    if (notes.ready) {
      start(notes.write())
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
        if (outcome === undefined) reject(new Error('The commit gave no outcome'))
        else resolve(outcome)
      }
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { reject } of batch) reject(error)
        return
      }
      log.warn({ err: error, messages: batch.length }, 'A batch could not be written; each message is tried alone')
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
