import { and, asc, eq, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { channelOf, type Db, runSql } from '../client/db.ts'
import { createId } from '../id.ts'
import type { Tables } from '../schema/define.ts'
import type { JobRow, JobState, JobStore } from './store.ts'

/** The condition of jobs in a state. */
export function inState(db: Db, state: JobState): SQL | undefined {
  const { lockedBy, failedAt } = db.tables.jobs
  if (state === 'running') return isNotNull(lockedBy)
  return state === 'failed' ? isNotNull(failedAt) : and(isNull(lockedBy), isNull(failedAt))
}

// One statement, and one text for any number of jobs, so that it is prepared once.
const ADD = `insert into jobs (id, name, key, payload, run_at, attempts, max_attempts, created_at)
  select value->>'id', value->>'name', value->>'key', value->>'payload', value->>'runAt', 0, value->>'maxAttempts', value->>'now'
  from json_each(?) where true
  on conflict (key) where key is not null and locked_by is null and failed_at is null do update set
    name = excluded.name, payload = excluded.payload, run_at = min(jobs.run_at, excluded.run_at),
    max_attempts = excluded.max_attempts, attempts = 0, last_error = null`

function stateOf({ lockedBy, failedAt }: Tables['jobs']['$inferSelect']): JobState {
  if (lockedBy !== null) return 'running'
  return failedAt === null ? 'waiting' : 'failed'
}

const toRow = (row: Tables['jobs']['$inferSelect']): JobRow => ({
  id: row.id,
  name: row.name,
  key: row.key,
  payload: row.payload,
  state: stateOf(row),
  runAt: row.runAt,
  attempts: row.attempts,
  maxAttempts: row.maxAttempts,
  lastError: row.lastError,
  createdAt: row.createdAt,
})

async function find(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db.select().from(db.tables.jobs).where(eq(db.tables.jobs.id, id))
  return row === undefined ? null : toRow(row)
}

/** Removes what fits and does not run. */
async function remove(tx: Db, which: SQL): Promise<boolean> {
  const { jobs } = tx.tables
  const gone = await tx
    .delete(jobs)
    .where(and(which, isNull(jobs.lockedBy)))
    .returning({ id: jobs.id })
  return gone.length > 0
}

/** Jobs as rows of our table. */
export const sqliteStore: JobStore = {
  add: async (tx, specs) => {
    const now = Date.now()
    const rows = specs.map(({ runAt, ...spec }) => ({
      ...spec,
      id: createId('job'),
      runAt: runAt?.getTime() ?? now,
      now,
    }))
    await channelOf(tx).all(ADD, [JSON.stringify(rows)])
  },
  list: async (db, { state, name, limit }) => {
    const { jobs } = db.tables
    const which = and(
      state === undefined ? undefined : inState(db, state),
      name === undefined ? undefined : eq(jobs.name, name),
    )
    const rows = await db.select().from(jobs).where(which).orderBy(asc(jobs.runAt), asc(jobs.id)).limit(limit)
    return rows.map(toRow)
  },
  find,
  counts: async (db) => {
    const { jobs } = db.tables
    // Apart, so that each is counted in an index.
    const states = (['waiting', 'running', 'failed'] as const).map(async (state) => {
      const rows = await db
        .select({ name: jobs.name, count: sql`count(*)`.mapWith(Number) })
        .from(jobs)
        .where(inState(db, state))
        .groupBy(jobs.name)
      return rows.map((row) => ({ ...row, state }))
    })
    return (await Promise.all(states)).flat()
  },
  retry: async (tx, id) => {
    const { jobs } = tx.tables
    const job = await find(tx, id)
    if (job === null || job.state === 'running') return null
    const due = { runAt: new Date(), attempts: 0, failedAt: null }
    const key = job.key ?? ''
    const [waiting] = await tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.key, key), inState(tx, 'waiting')))
    // One that waits with its key already stands for it.
    if (waiting !== undefined && waiting.id !== id) await remove(tx, eq(jobs.id, id))
    const kept = waiting?.id ?? id
    await tx.update(jobs).set(due).where(eq(jobs.id, kept))
    return find(tx, kept)
  },
  cancel: (tx, id) => remove(tx, eq(tx.tables.jobs.id, id)),
  cancelByKey: (tx, key) => remove(tx, eq(tx.tables.jobs.key, key)),
  removeFailed: async (db, before) => {
    const { jobs } = db.tables
    const gone = await db.delete(jobs).where(lt(jobs.failedAt, before)).returning({ id: jobs.id })
    return gone.length
  },
}

/** A job that this process may now run. */
export interface Taken {
  readonly id: string
  readonly name: string
  readonly payload: unknown
  readonly attempt: number
  readonly maxAttempts: number
}

/** When the next job of these kinds is due; null when none waits. */
export async function nextDue(db: Db, names: readonly string[]): Promise<number | null> {
  const { jobs } = db.tables
  const firsts = names.map(
    (name) => sql`(select min(${jobs.runAt}) from ${jobs} where ${jobs.name} = ${name} and ${inState(db, 'waiting')})`,
  )
  const [row] = await runSql(db, sql`select ${sql.join(firsts, sql`, `)}`)
  const times = (row ?? []).flatMap((value) => (value === null ? [] : [Number(value)]))
  return times.length === 0 ? null : Math.min(...times)
}

/** Takes up to `most` due jobs of these kinds for a process, in their order. */
export async function takeJobs(
  db: Db,
  kinds: readonly { readonly name: string; readonly serial: boolean }[],
  { by, now, most }: { by: string; now: number; most: number },
): Promise<Taken[]> {
  // A kind at a time: each is found in the index, whatever else waits.
  const due = kinds.map(({ name, serial }) => {
    const alone = serial
      ? sql`and not exists (select 1 from jobs r where r.locked_by is not null and r.name = ${name})`
      : sql``
    return sql`select * from (select id, run_at from jobs where name = ${name} and locked_by is null and failed_at is null
      and run_at <= ${now} ${alone} order by run_at, id limit ${serial ? 1 : most})`
  })
  const rows = await runSql(
    db,
    sql`update jobs set locked_by = ${by}, locked_at = ${now}, attempts = attempts + 1 where id in
      (select id from (${sql.join(due, sql` union all `)}) order by run_at, id limit ${most})
      returning id, name, payload, attempts, max_attempts, run_at`,
  )
  return rows
    .map(([id, name, payload, attempts, maxAttempts, runAt]) => ({
      order: `${String(runAt).padStart(15, '0')} ${String(id)}`,
      job: {
        id: String(id),
        name: String(name),
        payload: JSON.parse(String(payload)) as unknown,
        attempt: Number(attempts),
        maxAttempts: Number(maxAttempts),
      },
    }))
    .sort((one, other) => (one.order < other.order ? -1 : 1))
    .map(({ job }) => job)
}

/** Removes a job that is done, unless another process has taken it over. */
export async function finishJob(db: Db, id: string, by: string): Promise<void> {
  const { jobs } = db.tables
  await db.delete(jobs).where(and(eq(jobs.id, id), eq(jobs.lockedBy, by)))
}

/** What becomes of a job that was taken and is not done. */
export interface PutBack {
  readonly id: string
  readonly by: string
  /** Null keeps the last one. */
  readonly error: string | null
  /** When it is due again; null gives it up. */
  readonly runAt: number | null
  /** The run does not count. */
  readonly uncounted?: boolean
  readonly now: number
}

/** Puts a job back. One that waits with its key already stands for it, so then it is removed. */
export async function putBack(tx: Db, { id, by, error, runAt, uncounted = false, now }: PutBack): Promise<void> {
  const { jobs } = tx.tables
  const mine = sql`id = ${id} and locked_by = ${by}`
  await runSql(
    tx,
    sql`delete from jobs where ${mine} and exists
      (select 1 from jobs w where w.key = jobs.key and w.locked_by is null and w.failed_at is null)`,
  )
  await tx
    .update(jobs)
    .set({
      lockedBy: null,
      lockedAt: null,
      attempts: uncounted ? sql`attempts - 1` : sql`attempts`,
      ...(error === null ? {} : { lastError: error }),
      ...(runAt === null ? { failedAt: new Date(now) } : { runAt: new Date(runAt) }),
    })
    .where(mine)
}

/** Says that a process still runs its jobs. Returns the ids of those that it has. */
export async function renewJobs(db: Db, by: string, now: number): Promise<string[]> {
  const { jobs } = db.tables
  const rows = await db
    .update(jobs)
    .set({ lockedAt: new Date(now) })
    .where(eq(jobs.lockedBy, by))
    .returning({ id: jobs.id })
  return rows.map(({ id }) => id)
}

/** Puts back the jobs of processes that have not said since `staleAt` that they run them. Returns their ids. */
export async function releaseStale(db: Db, { staleAt, now }: { staleAt: number; now: number }): Promise<string[]> {
  const { jobs } = db.tables
  const stale = and(isNotNull(jobs.lockedBy), lt(jobs.lockedAt, new Date(staleAt)))
  // Most times there are none, and nothing is written.
  if ((await db.select({ id: jobs.id }).from(jobs).where(stale).limit(1)).length === 0) return []
  return db.transaction(async (tx) => {
    const rows = await tx.select().from(jobs).where(stale)
    for (const { id, lockedBy, attempts, maxAttempts } of rows) {
      const runAt = attempts < maxAttempts ? now : null
      await putBack(tx, { id, by: lockedBy ?? '', error: DIED, runAt, now })
    }
    return rows.map(({ id }) => id)
  })
}

/** The error of a job whose process has ended without a result. */
export const DIED = 'the process that ran it has ended'
