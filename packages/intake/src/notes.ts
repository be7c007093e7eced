import type { Log } from '@mairust/log'

export interface NotesOptions<Note> {
  /** Writes notes in one transaction. */
  readonly record: (notes: readonly Note[]) => Promise<void>
  /** How many rows a note is, and how much text: about 1 a row and 1 for 500 characters. */
  readonly weightOf: (note: Note) => number
  /** Whether the error means that the whole database is down. */
  readonly isOutage: (error: unknown) => boolean
  /** Called when it is time to try again after an outage. */
  readonly onReady: () => void
  readonly log: Log
}

/** A bounded in-memory queue of notes. */
export interface Notes<Note> {
  /** Queues a note, or drops it when too many are queued. */
  add(note: Note): void
  /** Whether notes are queued and the database is not known to be down. */
  readonly ready: boolean
  /** Writes some notes. Never rejects; after an outage it waits a second before the next try. */
  write(): Promise<void>
  /** Stops waiting for the database: notes that cannot be written now are dropped. */
  finish(): void
  readonly dropped: number
}

/** Of all queued notes: some 10 MB. */
const MAX_WEIGHT = 20_000
/** Of one transaction: SQLite writes it on the event loop, and mail waits meanwhile. */
const WEIGHT_A_TIME = 1000
const RETRY_MS = 1000
/** One log line at most in this time says that notes are dropped. */
const TELL_MS = 60_000

/** Creates a queue of notes. */
export function createNotes<Note>({ record, weightOf, isOutage, onReady, log }: NotesOptions<Note>): Notes<Note> {
  const waiting: Note[] = []
  /** Of the notes that wait. */
  let weight = 0
  let retry: NodeJS.Timeout | null = null
  let finishing = false
  let dropped = 0
  /** Notes dropped for want of room since the log last said so. */
  let untold = 0
  let toldAt = Number.NEGATIVE_INFINITY

  const drop = (count: number, error: unknown): void => {
    dropped += count
    log.warn({ err: error, journeys: count }, 'Could not write journeys of refused transactions')
  }

  const overflow = (): void => {
    dropped += 1
    untold += 1
    if (performance.now() - toldAt < TELL_MS) return
    toldAt = performance.now()
    log.warn({ waiting: waiting.length, dropped: untold }, 'Too many journeys of refused transactions; dropping some')
    untold = 0
  }

  /** The oldest notes that one transaction takes: at least one. */
  const take = (): Note[] => {
    let taken = 0
    let count = 0
    for (const note of waiting) {
      const more = weightOf(note)
      if (count > 0 && taken + more > WEIGHT_A_TIME) break
      taken += more
      count += 1
    }
    weight -= taken
    return waiting.splice(0, count)
  }

  const putBack = (batch: readonly Note[]): void => {
    waiting.unshift(...batch)
    for (const note of batch) weight += weightOf(note)
  }

  const writeAll = async (batch: readonly Note[]): Promise<void> => {
    try {
      await record(batch)
    } catch (error) {
      if (isOutage(error)) {
        if (finishing) {
          drop(batch.length + waiting.splice(0).length, error)
          return
        }
        putBack(batch)
        retry ??= setTimeout(() => {
          retry = null
          onReady()
        }, RETRY_MS)
      } else if (batch.length === 1) drop(1, error)
      else for (const note of batch) await writeAll([note])
    }
  }

  return {
    add: (note) => {
      const more = weightOf(note)
      if (weight + more > MAX_WEIGHT) {
        overflow()
        return
      }
      waiting.push(note)
      weight += more
    },
    get ready() {
      return waiting.length > 0 && retry === null
    },
    write: () => writeAll(take()),
    finish: () => {
      finishing = true
      if (retry !== null) clearTimeout(retry)
      retry = null
    },
    get dropped() {
      return dropped
    },
  }
}
