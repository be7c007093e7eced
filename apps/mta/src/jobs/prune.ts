import { pruneDomains, pruneSignIn } from '@mairust/api/services'
import type { Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { pruneSent, releaseSentObjects } from '@mairust/db/queries/delivery-prune'
import { pruneSendingCounts } from '@mairust/db/queries/sending-limit'
import { pruneSuppressions } from '@mairust/db/queries/suppression'
import { ORPHAN_AGE_MS, pruneAudit, pruneJourneys, pruneOrphanBlobs, pruneTrash } from '@mairust/db/queries/prune'
import { defineJob, every, handle, type Handler, pruneFailedJobs, type Timer } from '@mairust/db/queue'
import type { Log } from '@mairust/log'
import { z } from 'zod'

export interface PruneOptions {
  readonly config: () => Pick<Config, 'retention' | 'audit'>
  readonly database: Database
  readonly blobs: BlobStore
  readonly log: Log
  readonly now?: (() => Date) | undefined
}

/** Removes what is past its retention. Failures are logged and the rest still runs; an abort stops after the current batch. */
export interface Pruner {
  /** Trash, journeys, what was sent, ended suppressions, audit entries, expired sessions, failed jobs, unverified domains. */
  rows(signal: AbortSignal): Promise<void>
  /** Unfinished objects, and those without a message: since the last successful scan, or all with `whole`. */
  objects(signal: AbortSignal, whole?: boolean): Promise<void>
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Delay after the start, which has more urgent work. */
const FIRST = MINUTE
/** Together with the 45 minutes' grace, objects without a message are gone within the hour. */
const OBJECTS = 10 * MINUTE
const ROWS = 60 * MINUTE
/** Jobs that were given up are kept this long for somebody to look at. */
const FAILED_JOBS = 30 * DAY

/** What was sent is kept as long after its end: its sender may still have to be told. */
const SENT_OBJECTS = 60 * MINUTE
/** A day counts until it is over. */
const SENDING_COUNTS = 3 * DAY

const pruneObjects = defineJob({ name: 'prune-objects', payload: z.strictObject({ whole: z.boolean() }), serial: true })
const pruneRows = defineJob({ name: 'prune-rows', payload: z.strictObject({}), serial: true })

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
      await attempt('sent objects', () =>
        releaseSentObjects({ db, blobs, changes, log }, before(SENT_OBJECTS), signal).then(() => 0),
      )
      await attempt('sent mail', () => pruneSent(db, before(retention.journey_days * DAY), signal))
      await attempt('sending counts', () => pruneSendingCounts(db, before(SENDING_COUNTS)).then(() => 0))
      await attempt('ended suppressions', () => pruneSuppressions(db, now()))
      await attempt('audit', () => pruneAudit(db, before(audit.retention_days * DAY), signal))
      if (!signal.aborted) await attempt('sign-in', () => pruneSignIn({ db, now }))
      await attempt('failed jobs', () => pruneFailedJobs(db, before(FAILED_JOBS)))
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

/** Jobs that prune, and when. Each kind runs on one node at a time. */
export function pruning(options: PruneOptions): { handlers: Handler[]; timers: Timer[] } {
  const pruner = createPruner(options)
  return {
    handlers: [
      handle(pruneObjects, ({ whole }, { signal }) => pruner.objects(signal, whole)),
      handle(pruneRows, (_, { signal }) => pruner.rows(signal)),
    ],
    timers: [
      every({ name: 'prune-objects', everyMs: OBJECTS, firstMs: FIRST }, pruneObjects, { whole: false }),
      every({ name: 'prune-all-objects', everyMs: DAY, firstMs: FIRST }, pruneObjects, { whole: true }),
      every({ name: 'prune-rows', everyMs: ROWS, firstMs: FIRST }, pruneRows, {}),
    ],
  }
}
