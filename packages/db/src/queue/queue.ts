import type { z } from 'zod'
import { channelOf, type Db } from '../client/db.ts'
import type { Job, JobOptions } from './job.ts'
import { postgresStore } from './postgres.ts'
import { sqliteStore } from './sqlite.ts'
import type { JobCount, JobFilter, JobRow, JobSpec, JobStore } from './store.ts'

const STORES: Readonly<Record<Db['dialect'], JobStore>> = { postgres: postgresStore, sqlite: sqliteStore }

const storeOf = (db: Db): JobStore => STORES[db.dialect]

/**
 * Adds a job in the transaction `tx`: it runs after the commit, and never if that fails. Throws ZodError when the payload is not one
 * of the job's.
 */
export function enqueue<P>(
  tx: Db,
  job: Job<P>,
  payload: z.input<Job<P>['payload']>,
  options: JobOptions = {},
): Promise<void> {
  return enqueueAll(tx, job, [{ payload, ...options }])
}

/**
 * Adds many jobs of a kind in one statement; see `enqueue`. On PostgreSQL transactions that add the same key wait for each other
 * from here to their commit: do it last.
 */
export async function enqueueAll<P>(
  tx: Db,
  job: Job<P>,
  items: readonly (JobOptions & { readonly payload: z.input<Job<P>['payload']> })[],
): Promise<void> {
  const { name, serial, maxAttempts } = job
  const specs = items.map(({ payload, key = null, runAt = null }) => ({
    name,
    serial,
    maxAttempts,
    payload: JSON.stringify(job.payload.parse(payload)),
    key,
    runAt,
  }))
  if (specs.length === 0) return
  await storeOf(tx).add(tx, merged(specs))
  channelOf(tx).jobsAdded()
}

/** Specs with one of each key, these in the order of the keys: transactions that lock the same ones never wait in a circle. */
function merged(specs: readonly JobSpec[]): JobSpec[] {
  const byKey = new Map<string, JobSpec>()
  for (const spec of specs) {
    if (spec.key === null) continue
    const known = byKey.get(spec.key)
    byKey.set(spec.key, known === undefined ? spec : { ...spec, runAt: earlier(known.runAt, spec.runAt) })
  }
  const keyed = [...byKey.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, spec]) => spec)
  return [...specs.filter(({ key }) => key === null), ...keyed]
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return null
  return one < other ? one : other
}

/** Lists jobs in the order in which they run, or ran last. */
export function listJobs(db: Db, filter: JobFilter): Promise<JobRow[]> {
  return storeOf(db).list(db, filter)
}

/** A job by its id, or null. */
export function findJob(db: Db, id: string): Promise<JobRow | null> {
  return storeOf(db).find(db, id)
}

/** How many jobs wait, run, and have been given up, by kind. */
export function countJobs(db: Db): Promise<JobCount[]> {
  return storeOf(db).counts(db)
}

/**
 * Makes a waiting or failed job due, with all its attempts again. Returns the job that is due now: the one that waits with its key, if
 * another does. Null when there is none with this id that does not run.
 */
export async function retryJob(tx: Db, id: string): Promise<JobRow | null> {
  const due = await storeOf(tx).retry(tx, id)
  if (due !== null) channelOf(tx).jobsAdded()
  return due
}

/** Removes a waiting or failed job; one that runs cannot be removed. False when there is none with this id. */
export function cancelJob(tx: Db, id: string): Promise<boolean> {
  return storeOf(tx).cancel(tx, id)
}

/** Removes the waiting or failed job with a key; one that runs cannot be removed. False when there is none. */
export function cancelJobByKey(tx: Db, key: string): Promise<boolean> {
  return storeOf(tx).cancelByKey(tx, key)
}

/** Removes jobs that were given up before a time. Returns how many. */
export function pruneFailedJobs(db: Db, before: Date): Promise<number> {
  return storeOf(db).removeFailed(db, before)
}
