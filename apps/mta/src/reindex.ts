import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { countOutdated } from '@mairust/db/queries/reindex'
import { type ObjectIndexer, type ReindexedPortion, reindexLease, reindexPortion } from '@mairust/intake'
import type { Log } from '@mairust/log'
import { Counter, type Registry } from 'prom-client'
import { followGauge } from './metrics.ts'

export interface ReindexOptions {
  readonly database: Database
  readonly blobs: BlobStore
  /** Closed at the end. */
  readonly indexer: ObjectIndexer
  readonly registry: Registry
  readonly log: Log
  readonly now?: (() => Date) | undefined
  /** Waits so many milliseconds, or until the signal is aborted. */
  readonly pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** After the start, when there are more pressing things. */
const FIRST = 10_000
/** How often it is looked whether something has to be indexed anew. */
const EVERY = 60_000
/** Rest after a portion, as a multiple of the time it took: whatever else keeps the machine busy makes it longer. */
const REST = 3
const MIN_REST = 50

const briefly = async (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)

/**
 * Indexes messages anew whose index is of an older version, or makeshift, while there is little else to do. One process of those
 * that work on a database does it at a time; where it is broken off, the next goes on.
 */
export function startReindexing(options: ReindexOptions): { stop(): Promise<void> } {
  const { database, indexer, registry, log, now = () => new Date(), pause = briefly } = options
  const lease = reindexLease(database, randomUUID(), now)
  const stopping = new AbortController()
  const { signal } = stopping
  followGauge(
    registry,
    { name: 'mairust_reindex_pending_messages', help: 'Messages that wait to be indexed anew.' },
    () => countOutdated(database.db).catch(() => null),
  )
  const counter = new Counter({
    name: 'mairust_reindexed_messages_total',
    help: 'Messages that were to be indexed anew, by what came of it.',
    labelNames: ['result'],
    registers: [registry],
  })

  /** Null when another process is at it. */
  const portion = async (): Promise<ReindexedPortion | null> => {
    if (!(await lease.take())) return null
    try {
      return await reindexPortion(options)
    } finally {
      // Between two portions somebody at the command line may take it.
      await lease.release()
    }
  }

  const round = async (): Promise<void> => {
    const waiting = await countOutdated(database.db)
    if (waiting === 0) return
    const done = { indexed: 0, missing: 0, damaged: 0, unreadable: 0 }
    for (let began = false; !signal.aborted; began = true) {
      const started = performance.now()
      const result = await portion()
      if (result === null) break
      if (!began) log.info({ messages: waiting }, 'Indexing messages anew')
      if (result.messages === 0) {
        log.info(done, 'Messages were indexed anew')
        return
      }
      counter.inc({ result: 'indexed' }, result.indexed)
      done.indexed += result.indexed
      for (const { messageId, trouble } of result.troubles) {
        counter.inc({ result: trouble })
        done[trouble] += 1
        log.warn({ message: messageId, reason: trouble }, 'A stored message could not be indexed anew')
      }
      await pause(Math.max(MIN_REST, REST * (performance.now() - started)), signal)
    }
    if (done.indexed > 0) log.info(done, 'Indexing messages anew goes on later')
  }

  const run = (async () => {
    await pause(FIRST, signal)
    while (!signal.aborted) {
      await round().catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error }, 'Indexing messages anew failed; it is tried again')
      })
      await pause(EVERY, signal)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      // Ends what is being read; what is being written is waited for.
      await indexer.close()
      await run
    },
  }
}
