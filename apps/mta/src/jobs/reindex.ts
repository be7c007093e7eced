import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { countOutdated } from '@mairust/db/queries/reindex'
import { defineJob, every, handle, type Handler, type Timer } from '@mairust/db/queue'
import { type ObjectIndexer, type ReindexedPortion, reindexLease, reindexPortion } from '@mairust/intake'
import type { Log } from '@mairust/log'
import { Counter, type Registry } from 'prom-client'
import { z } from 'zod'
import { followGauge } from '../metrics.ts'

export interface ReindexOptions {
  readonly database: Database
  readonly blobs: BlobStore
  readonly indexer: ObjectIndexer
  readonly registry: Registry
  readonly log: Log
  readonly now?: (() => Date) | undefined
  /** Waits for some milliseconds, or until the signal is aborted. */
  readonly pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** Delay after the start, when there is more important work. */
const FIRST = 10_000
/** How often to look for messages to reindex. */
const EVERY = 60_000
/** Pause after a portion, as a multiple of the time that it took, and so longer on a busy machine. */
const REST = 3
const MIN_REST = 50

const reindex = defineJob({ name: 'reindex', payload: z.strictObject({}), serial: true })

const briefly = async (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)

/**
 * The job that reindexes messages whose index is outdated or makeshift, in the background, and when. One process of those that share a
 * database does this at a time; if it stops, the next one continues.
 */
export function reindexing(options: ReindexOptions): { handlers: Handler[]; timers: Timer[] } {
  const { database, registry, log, now = () => new Date(), pause = briefly } = options
  const lease = reindexLease(database, randomUUID(), now)
  followGauge(registry, { name: 'mairust_reindex_pending_messages', help: 'Messages that wait to be reindexed.' }, () =>
    countOutdated(database.db).catch(() => null),
  )
  const counter = new Counter({
    name: 'mairust_reindexed_messages_total',
    help: 'Messages that were reindexed, by result.',
    labelNames: ['result'],
    registers: [registry],
  })

  /** Reindexes a portion; null if another process is reindexing. */
  const portion = async (): Promise<ReindexedPortion | null> => {
    if (!(await lease.take())) return null
    try {
      return await reindexPortion(options)
    } finally {
      // Between two portions the command line may take it.
      await lease.release()
    }
  }

  const round = async (signal: AbortSignal): Promise<void> => {
    const waiting = await countOutdated(database.db)
    if (waiting === 0) return
    const done = { indexed: 0, missing: 0, damaged: 0, unreadable: 0 }
    for (let began = false; !signal.aborted; began = true) {
      const started = performance.now()
      const result = await portion()
      if (result === null) break
      if (!began) log.info({ messages: waiting }, 'Reindexing messages')
      if (result.messages === 0) {
        log.info(done, 'Messages were reindexed')
        return
      }
      counter.inc({ result: 'indexed' }, result.indexed)
      done.indexed += result.indexed
      for (const { messageId, trouble } of result.troubles) {
        counter.inc({ result: trouble })
        done[trouble] += 1
        log.warn({ message: messageId, reason: trouble }, 'A stored message could not be reindexed')
      }
      await pause(Math.max(MIN_REST, REST * (performance.now() - started)), signal)
    }
    if (done.indexed > 0) log.info(done, 'Reindexing will continue later')
  }

  return {
    handlers: [handle(reindex, (_, { signal }) => round(signal))],
    timers: [
      every(
        {
          name: 'reindex',
          everyMs: EVERY,
          firstMs: FIRST,
          isNeeded: async () => (await countOutdated(database.db)) > 0,
        },
        reindex,
        {},
      ),
    ],
  }
}
