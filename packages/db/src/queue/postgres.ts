import { type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import type { JobRow, JobState, JobStore } from './store.ts'

/** The schema of graphile-worker. */
export const SCHEMA = 'graphile_worker'

const STATES: Readonly<Record<JobState, SQL>> = {
  waiting: sql`j.is_available`,
  running: sql`j.locked_at is not null and j.flags is null`,
  failed: sql`not j.is_available and j.locked_at is null and j.flags is null`,
}
const STATE = sql`case when j.locked_at is not null then 'running' when j.is_available then 'waiting' else 'failed' end`
const FROM = sql`from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id`

/** The driver makes dates of times. */
const asDate = (value: unknown): Date => (value instanceof Date ? value : new Date(String(value)))

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null)

async function select(db: Db, rest: SQL): Promise<JobRow[]> {
  const rows = await runSql(
    db,
    sql`select j.id::text, t.identifier, j.key, j.payload, ${STATE}, j.run_at, j.attempts, j.max_attempts, j.last_error, j.created_at
      ${FROM} ${rest}`,
  )
  return rows.map(([id, name, key, payload, state, runAt, attempts, maxAttempts, lastError, createdAt]) => ({
    id: String(id),
    name: String(name),
    key: asText(key),
    payload,
    // Cast: the query names no others.
    state: state as JobState,
    runAt: asDate(runAt),
    attempts: Number(attempts),
    maxAttempts: Number(maxAttempts),
    lastError: asText(lastError),
    createdAt: asDate(createdAt),
  }))
}

/** Ids come from people, too: one that is no number is that of no job. */
const byId = (id: string): SQL => (/^\d{1,18}$/.test(id) ? sql`j.id = ${id}::bigint` : sql`false`)

async function find(db: Db, id: string): Promise<JobRow | null> {
  return (await select(db, sql`where ${byId(id)}`))[0] ?? null
}

async function remove(tx: Db, which: SQL): Promise<boolean> {
  const gone = await runSql(
    tx,
    sql`delete from graphile_worker._private_jobs j where ${which} and j.locked_at is null returning j.id`,
  )
  return gone.length > 0
}

/** Jobs of graphile-worker, whose tables have what its functions and views lack. */
export const postgresStore: JobStore = {
  add: async (tx, specs) => {
    const rows = specs.map(({ name, payload, key, runAt, serial, maxAttempts }) => ({
      name,
      // Cast: JSON.parse has no type of its own.
      payload: JSON.parse(payload) as unknown,
      key,
      run_at: runAt,
      queue: serial ? name : null,
      max_attempts: maxAttempts,
    }))
    await runSql(tx, sql`select mairust_add_jobs(${JSON.stringify(rows)}::json)`)
  },
  list: (db, { state, name, limit }) => {
    const ofState = state === undefined ? sql`(j.flags is null)` : STATES[state]
    const ofName = name === undefined ? sql`true` : sql`t.identifier = ${name}`
    return select(db, sql`where ${ofState} and ${ofName} order by j.run_at, j.id limit ${limit}`)
  },
  find,
  counts: async (db) => {
    const rows = await runSql(
      db,
      sql`select t.identifier, ${STATE} as state, count(*) ${FROM} where j.flags is null group by 1, 2`,
    )
    return rows.map(([name, state, count]) => ({
      name: String(name),
      // Cast: as above.
      state: state as JobState,
      count: Number(count),
    }))
  },
  retry: async (tx, id) => {
    const done = await runSql(
      tx,
      sql`update graphile_worker._private_jobs j set run_at = clock_timestamp(), attempts = 0, updated_at = now()
        where ${byId(id)} and j.locked_at is null returning j.id`,
    )
    return done.length > 0 ? find(tx, id) : null
  },
  cancel: (tx, id) => remove(tx, byId(id)),
  cancelByKey: (tx, key) => remove(tx, sql`j.key = ${key}`),
  removeFailed: async (db, before) => {
    const gone = await runSql(
      db,
      sql`delete from graphile_worker._private_jobs j where ${STATES.failed} and j.run_at < ${before.toISOString()}::timestamptz returning j.id`,
    )
    return gone.length
  },
}

/** The error of a job whose process has ended without a result. */
const DIED = 'the process that ran it has ended'

/** Says that worker pools still run their jobs. Returns the ids of those that they have. */
export async function renewJobs(db: Db, pools: readonly string[]): Promise<string[]> {
  const list = sql`select json_array_elements_text(${JSON.stringify(pools)}::json)`
  await runSql(db, sql`update graphile_worker._private_job_queues set locked_at = now() where locked_by in (${list})`)
  const rows = await runSql(
    db,
    sql`update graphile_worker._private_jobs set locked_at = now() where locked_by in (${list}) returning id::text`,
  )
  return rows.map(([id]) => String(id))
}

/**
 * Puts back the jobs of worker pools that have not said for `staleMs` that they run them: graphile-worker itself would wait for four
 * hours. Returns how many.
 */
export async function releaseStale(db: Db, staleMs: number): Promise<number> {
  const limit = sql`now() - ${staleMs} * interval '1 millisecond'`
  const stale = sql`(select locked_by from graphile_worker._private_jobs where locked_at is not null
    group by locked_by having max(locked_at) < ${limit}
    union select locked_by from graphile_worker._private_job_queues where locked_at < ${limit})`
  const pools = (await runSql(db, stale)).map(([pool]) => String(pool))
  if (pools.length === 0) return 0
  return db.transaction(async (tx) => {
    const rows = await runSql(
      tx,
      sql`update graphile_worker._private_jobs set last_error = ${DIED}, run_at = now()
        where locked_by in ${stale} and locked_at < ${limit} returning id`,
    )
    await runSql(
      tx,
      sql`select graphile_worker.force_unlock_workers(array(select json_array_elements_text(${JSON.stringify(pools)}::json)))`,
    )
    return rows.length
  })
}

/** Removes jobs that did not succeed and that a newer one with their key stands for. */
export async function removeSuperseded(db: Db): Promise<void> {
  await runSql(
    db,
    sql`delete from graphile_worker._private_jobs where not is_available and locked_at is null and flags is not null`,
  )
}

/** Makes a running job's failure its last one; it will not be tried again. */
export async function giveUp(db: Db, id: string): Promise<void> {
  await runSql(db, sql`update graphile_worker._private_jobs j set attempts = max_attempts where ${byId(id)}`)
}

/** Makes the current run of a job not count. */
export async function uncount(db: Db, id: string): Promise<void> {
  await runSql(
    db,
    sql`update graphile_worker._private_jobs j set attempts = greatest(0, attempts - 1) where ${byId(id)} and flags is null`,
  )
}

/** Puts back all jobs of worker pools; the runs do not count. */
export async function putBackAll(db: Db, pools: readonly string[]): Promise<void> {
  const list = sql`select json_array_elements_text(${JSON.stringify(pools)}::json)`
  await db.transaction(async (tx) => {
    await runSql(
      tx,
      sql`update graphile_worker._private_jobs set attempts = greatest(0, attempts - 1), run_at = clock_timestamp()
        where locked_by in (${list}) and flags is null`,
    )
    await runSql(tx, sql`select graphile_worker.force_unlock_workers(array(${list}))`)
  })
}
