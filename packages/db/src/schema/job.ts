import type { Kit } from './kit.ts'

/**
 * Work to be done once, soon or at a time, on SQLite. Empty on PostgreSQL, where jobs are in graphile-worker's own tables. A row is
 * running when it has `lockedBy`, failed when it has `failedAt`, and waiting otherwise; what is done is removed.
 */
export const defineJobs = (c: Kit) =>
  c.table(
    'jobs',
    {
      id: c.id().primaryKey(),
      name: c.text().notNull(),
      /** At most one waiting job has a key. */
      key: c.text(),
      payload: c.json<unknown>().notNull(),
      runAt: c.time().notNull(),
      /** Runs so far, the current one included. */
      attempts: c.int().notNull(),
      maxAttempts: c.int().notNull(),
      lastError: c.text(),
      createdAt: c.time().notNull(),
      /** The process that runs it. */
      lockedBy: c.text(),
      /** When that process last said that it still does. */
      lockedAt: c.time(),
      failedAt: c.time(),
    },
    (j) => [
      c
        .index('jobs_waiting_idx')
        .on(j.name, j.runAt)
        .where(c.sql`locked_by is null and failed_at is null`),
      c
        .uniqueIndex('jobs_key_idx')
        .on(j.key)
        .where(c.sql`key is not null and locked_by is null and failed_at is null`),
      c
        .index('jobs_running_idx')
        .on(j.lockedAt)
        .where(c.sql`locked_by is not null`),
      c
        .index('jobs_failed_idx')
        .on(j.failedAt)
        .where(c.sql`failed_at is not null`),
    ],
  )
