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

/** Removes what is past its time. A failure is logged and the rest done; once the signal is aborted the batch that runs is the last. */
export interface Pruner {
  /** Trash, journeys, audit entries, domains that nobody proved, ended sessions. */
  rows(signal: AbortSignal): Promise<void>
  /** Objects without a message and unfinished ones: those that came since the last look that succeeded; all of them with `whole`. */
  objects(signal: AbortSignal, whole?: boolean): Promise<void>
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** After the start, when there are more pressing things. */
const FIRST = MINUTE
/** With their 45 minutes, objects without a message are gone within the hour. */
const EVERY = 10 * MINUTE
/** Until the next round, and some: who stops without giving it back is waited for no longer. */
const LEASE = 15 * MINUTE
/** Every how many rounds rows are looked at, and all objects. */
const ROWS = 6
const WHOLE = 144
/** A key is made up to this long before its object is stored: a session's longest, and some. */
const KEY_AHEAD = 60 * MINUTE

/** Makes a pruner. */
export function createPruner({ config, database, blobs, log, now = () => new Date() }: PruneOptions): Pruner {
  const { db, changes } = database
  /** Objects older than this have been looked at. */
  let lookedAt: Date | undefined
  const before = (ms: number): Date => new Date(now().getTime() - ms)

  const attempt = async (what: string, prune: () => Promise<number>): Promise<boolean> => {
    try {
      const removed = await prune()
      if (removed > 0) log.info({ what, removed }, 'Pruned')
      return true
    } catch (error) {
      log.error({ err: error, what }, 'Pruning failed; it is tried again')
      return false
    }
  }

  return {
    rows: async (signal) => {
      const { retention, audit } = config()
      await attempt('trash', () =>
        pruneTrash({ db, blobs, changes }, before(retention.deleted_messages_days * DAY), signal),
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
      const done = await attempt('orphans', () => pruneOrphanBlobs({ db, blobs }, { now: now(), since, signal }))
      if (done && !signal.aborted) lookedAt = looksAt
    },
  }
}

/** Prunes from time to time, one run at a time, in one process of those that work on a database: whoever has the lease. */
export function startPruning(options: PruneOptions): { stop(): Promise<void> } {
  const { database, log, now = () => new Date() } = options
  const pruner = createPruner(options)
  const lease = { job: 'prune', holder: randomUUID() }
  const isMine = (): Promise<boolean> =>
    takeLease(database.db, { ...lease, now: now(), forMs: LEASE }).catch((error: unknown) => {
      log.error({ err: error }, 'Pruning failed; it is tried again')
      return false
    })
  const stopping = new AbortController()
  const { signal } = stopping
  let run: Promise<void> = Promise.resolve()
  let rounds = 0
  const round = (): void => {
    const count = rounds
    rounds += 1
    run = run.then(async () => {
      if (signal.aborted || !(await isMine())) return
      await pruner.objects(signal, count % WHOLE === 0)
      if (count % ROWS === 0) await pruner.rows(signal)
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
      await run
      // Without a database it runs out by itself.
      await releaseLease(database.db, lease).catch(() => undefined)
    },
  }
}
