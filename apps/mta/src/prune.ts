import { pruneSignIn } from '@mairust/api/services'
import type { Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { pruneAudit, pruneJourneys, pruneOrphanBlobs, pruneTrash } from '@mairust/db/queries/prune'
import type { Log } from './log.ts'

export interface PruneOptions {
  readonly config: () => Pick<Config, 'retention' | 'audit'>
  readonly database: Database
  readonly blobs: BlobStore
  readonly log: Log
  readonly now?: (() => Date) | undefined
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** After the start, when there are more pressing things. */
const FIRST = 60_000
/** Crashes leave orphans of the last hours; all of the store is looked through once a day. */
const RECENT = 6 * HOUR
const DAILY = 24

/** Removes what is past its time: trash, journeys, audit entries, ended sessions, objects without a message. Once. */
export async function pruneOnce(options: PruneOptions, whole: boolean): Promise<void> {
  const { config, database, blobs, log, now = () => new Date() } = options
  const { db, changes } = database
  const { retention, audit } = config()
  const daysAgo = (days: number): Date => new Date(now().getTime() - days * DAY)
  const since = whole ? undefined : new Date(now().getTime() - RECENT)
  const work: readonly (readonly [string, () => Promise<number>])[] = [
    ['trash', () => pruneTrash({ db, blobs, changes }, daysAgo(retention.deleted_messages_days))],
    ['journeys', () => pruneJourneys(db, daysAgo(retention.journey_days))],
    ['audit', () => pruneAudit(db, daysAgo(audit.retention_days))],
    ['sign-in', () => pruneSignIn({ db, now })],
    ['orphans', () => pruneOrphanBlobs({ db, blobs }, { now: now(), since })],
  ]
  for (const [what, prune] of work) {
    try {
      const removed = await prune()
      if (removed > 0) log.info({ what, removed }, 'Pruned')
    } catch (error) {
      log.error({ err: error, what }, 'Pruning failed; it is tried again in an hour')
    }
  }
}

/** Prunes every hour, one run at a time. */
export function startPruning(options: PruneOptions): { stop(): Promise<void> } {
  let run: Promise<void> = Promise.resolve()
  let count = 0
  const tick = (): void => {
    const whole = count % DAILY === 0
    count += 1
    run = run.then(() => pruneOnce(options, whole))
  }
  const first = setTimeout(tick, FIRST)
  const timer = setInterval(tick, HOUR)
  first.unref()
  timer.unref()
  return {
    stop: async () => {
      clearTimeout(first)
      clearInterval(timer)
      await run
    },
  }
}
