import { Worker } from 'node:worker_threads'
import { createWorkerPool } from '@mairust/worker-pool'
import type { Channel, Db } from './db.ts'
import { createTurns } from './turns.ts'

/** A statement for a search thread. */
export interface SearchStatement {
  text: string
  params: readonly unknown[]
}
/** What it found, or why it failed. */
export type SearchAnswer = { rows: unknown[][] } | { failure: { message: string; code: string | null } }

const THREADS = 2
/** Nothing can interrupt a statement of SQLite but its end, so a thread is only given up when it must be broken. */
const BROKEN_MS = 120_000

/** Runs searches in threads with read-only connections of their own, since a statement stops the thread that runs it. */
export interface SqliteSearches {
  apart: NonNullable<Channel['apart']>
  close(): Promise<void>
}

/** Makes the searches of a SQLite file; their threads start with the first one. */
export function sqliteSearches(path: string, handleOver: (all: Channel['all']) => Db): SqliteSearches {
  // Bundlers recognise a worker's file only in this form.
  const pool = createWorkerPool<SearchStatement, SearchAnswer>({
    spawn: () => new Worker(new URL('./search.worker.ts', import.meta.url), { workerData: { path } }),
    size: THREADS,
    timeoutMs: BROKEN_MS,
    maxQueue: Number.POSITIVE_INFINITY,
  })
  const turns = createTurns({ width: THREADS })
  return {
    apart: (reader, fn) =>
      turns.run(reader, (left) =>
        fn(
          handleOver(async (text, params) => {
            left()
            const answer = await pool.run({ text, params })
            if ('rows' in answer) return answer.rows
            const { message, code } = answer.failure
            throw Object.assign(new Error(message), { code })
          }),
        ),
      ),
    close: () => pool.close(),
  }
}
