import type { Log } from '@mairust/log'

export interface NotesOptions<Note> {
  /** Writes notes in one transaction. */
  readonly record: (notes: readonly Note[]) => Promise<void>
  /** Whether an error says that the whole database is out. */
  readonly isOutage: (error: unknown) => boolean
  /** Called when there is something to write again after an outage. */
  readonly onReady: () => void
  readonly log: Log
}

/** Notes that wait to be written, in memory and bounded. */
export interface Notes<Note> {
  /** Leaves a note; it is dropped when too many wait. */
  add(note: Note): void
  /** Whether something waits that may be written now: not while the database is known to be out. */
  readonly ready: boolean
  /** Writes some. Never rejects; after an outage they wait for a second, and are written when the database is back. */
  write(): Promise<void>
  /** Waits for no database any more: what cannot be written now is dropped. */
  finish(): void
  readonly dropped: number
}

const MAX_NOTES = 2000
const NOTES_A_TIME = 100
const RETRY_MS = 1000

/** Makes a place for notes. */
export function createNotes<Note>({ record, isOutage, onReady, log }: NotesOptions<Note>): Notes<Note> {
  const waiting: Note[] = []
  let retry: NodeJS.Timeout | null = null
  let finishing = false
  let dropped = 0
  /** There are too many and it has been said. */
  let overflowing = false

  const drop = (count: number, error: unknown): void => {
    dropped += count
    log.warn({ err: error, journeys: count }, 'Journeys of refused transactions could not be written')
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
          log.warn({ waiting: waiting.length }, 'Too many journeys of refused transactions; some are lost')
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
