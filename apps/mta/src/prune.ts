import { randomUUID } from 'node:crypto'
import { pruneDomains, pruneSignIn } from '@mairust/api/services'
import type { Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { releaseLease, takeLease } from '@mairust/db/queries/lease'
import { ORPHAN_AGE_MS, pruneAudit, pruneJourneys, pruneOrphanBlobs, pruneTrash } from '@mairust/db/queries/prune'
import type { Log } from '@mairust/log'

export interface PruneOptions {
  readonly config: () => Pick<Config, 'retention' | 'audit'>
  readonly database: Database
  readonly blobs: BlobStore
  readonly log: Log
  readonly now?: (() => Date) | undefined
}

/** Removes what is past its retention. Failures are logged and the rest still runs; an abort stops after the current batch. */
export interface Pruner {
  /** Trash, journeys, audit entries, unverified domains, expired sessions. */
  rows(signal: AbortSignal): Promise<void>
  /** Unfinished objects, and those without a message: since the last successful scan, or all with `whole`. */
  objects(signal: AbortSignal, whole?: boolean): Promise<void>
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Delay after the start, which has more urgent work. */
const FIRST = MINUTE
/** Together with the 45 minutes' grace, objects without a message are gone within the hour. */
const EVERY = 10 * MINUTE
/** So that the lease of a crashed process soon expires. */
const LEASE = 15 * MINUTE
/** A running round renews the lease this often, however long it takes. */
const RENEW = 5 * MINUTE
/** Rounds between row prunings, and between full object scans. */
const ROWS = 6
const WHOLE = 144
/** A key may be created this long before its object is stored: the longest session, with a margin. */
const KEY_AHEAD = 60 * MINUTE

export function createPruner({ config, database, blobs, log, now = () => new Date() }: PruneOptions): Pruner {
  const { db, changes } = database
  /** Objects older than this have been scanned. */
  let lookedAt: Date | undefined
  const before = (ms: number): Date => new Date(now().getTime() - ms)

  const attempt = async (what: string, prune: () => Promise<number>): Promise<boolean> => {
    try {
      const removed = await prune()
      if (removed > 0) log.info({ what, removed }, 'Pruned')
      return true
    } catch (error) {
      log.error({ err: error, what }, 'Pruning failed; it will be retried')
      return false
    }
  }

  return {
    rows: async (signal) => {
      const { retention, audit } = config()
      await attempt('trash', () =>
        pruneTrash({ db, blobs, changes, log }, before(retention.deleted_messages_days * DAY), signal),
      )
      await attempt('journeys', () => pruneJourneys(db, before(retention.journey_days * DAY), signal))
      await attempt('audit', () => pruneAudit(db, before(audit.retention_days * DAY), signal))
      if (!signal.aborted) await attempt('sign-in', () => pruneSignIn({ db, now }))
      await attempt('unproved domains', () => pruneDomains({ db, now, changes }, signal))
    },
    objects: async (signal, whole = false) => {
      await attempt('unfinished', () => blobs.removeUnfinished(before(ORPHAN_AGE_MS)).then(() => 0))
      const since = whole ? undefined : lookedAt
      const looksAt = before(ORPHAN_AGE_MS + KEY_AHEAD)
      const done = await attempt('orphans', () => pruneOrphanBlobs({ db, blobs, log }, { now: now(), since, signal }))
      if (done && !signal.aborted) lookedAt = looksAt
    },
  }
}

/** Prunes periodically, one round at a time, in the one process per database that holds the lease. */
export function startPruning(options: PruneOptions): { stop(): Promise<void> } {
  const { database, log, now = () => new Date() } = options
  const pruner = createPruner(options)
  const lease = { job: 'prune', holder: randomUUID() }
  const isMine = (): Promise<boolean> =>
    takeLease(database.db, { ...lease, now: now(), forMs: LEASE }).catch((error: unknown) => {
      log.error({ err: error }, 'Pruning failed; it will be retried')
      return false
    })
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> | null = null
  let rounds = 0
  const prune = async (): Promise<void> => {
    if (!(await isMine())) return
    const lost = new AbortController()
    let renewal = Promise.resolve()
    const renewing = setInterval(() => {
      renewal = renewal.then(async () => {
        if (!(await isMine())) lost.abort()
      })
    }, RENEW)
    const going = AbortSignal.any([signal, lost.signal])
    const count = rounds
    rounds += 1
    try {
      await pruner.objects(going, count % WHOLE === 0)
      if (count % ROWS === 0) await pruner.rows(going)
    } finally {
      clearInterval(renewing)
      await renewal
    }
  }
  /** A round that takes longer than the time to the next one stands for both. */
  const round = (): void => {
    if (signal.aborted) return
    running ??= prune().finally(() => {
      running = null
    })
  }
  const first = setTimeout(round, FIRST)
  const timer = setInterval(round, EVERY)
  first.unref()
  timer.unref()
  return {
    stop: async () => {
      clearTimeout(first)
      clearInterval(timer)
      stopping.abort()
      await running
      // Without a database the lease expires by itself.
      await releaseLease(database.db, lease).catch(() => undefined)
    },
  }
}
