import type { Log } from '@mairust/log'

export interface NotesOptions<Note> {
  /** Writes notes in one transaction. */
  readonly record: (notes: readonly Note[]) => Promise<void>
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

const MAX_NOTES = 2000
const NOTES_A_TIME = 100
const RETRY_MS = 1000

/** Creates a queue of notes. */
export function createNotes<Note>({ record, isOutage, onReady, log }: NotesOptions<Note>): Notes<Note> {
  const waiting: Note[] = []
  let retry: NodeJS.Timeout | null = null
  let finishing = false
  let dropped = 0
  /** Whether the current overflow has been logged. */
  let overflowing = false

  const drop = (count: number, error: unknown): void => {
    dropped += count
    log.warn({ err: error, journeys: count }, 'Could not write journeys of refused transactions')
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
        waiting.unshift(...batch)
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
      if (waiting.length < MAX_NOTES) waiting.push(note)
      else {
        dropped += 1
        if (!overflowing)
          log.warn({ waiting: waiting.length }, 'Too many journeys of refused transactions; dropping some')
        overflowing = true
      }
    },
    get ready() {
      return waiting.length > 0 && retry === null
    },
    write: () => {
      overflowing = false
      return writeAll(waiting.splice(0, NOTES_A_TIME))
    },
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
