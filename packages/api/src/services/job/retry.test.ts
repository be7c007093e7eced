import { listAuditEntries } from '@mairust/db/queries/audit'
import { tenantScope } from '@mairust/db/queries/scope'
import { defineJob, enqueue, listJobs } from '@mairust/db/queue'
import { withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { systemContext } from '../../runtime.ts'
import { makeTestApi } from '../../testing/api.ts'
import { retryJob } from './index.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  it('a job that is retried is told and audited as it is now: due', async () => {
    const { db } = get()
    const test = makeTestApi(get())
    const { tenantId } = await test.user({ role: 'super_admin' })
    const job = defineJob({ name: 'later', payload: z.strictObject({}) })
    const runAt = new Date(Date.now() + HOUR)
    await db.transaction((tx) => enqueue(tx, job, {}, { runAt }))
    const [waiting] = await listJobs(db, { name: job.name, limit: 1 })
    const told = await retryJob(systemContext(test.runtime, tenantId), { id: waiting?.id ?? '' })
    const [due] = await listJobs(db, { name: job.name, limit: 1 })
    expect(due?.runAt.getTime()).toBeLessThan(runAt.getTime())
    expect(told).toMatchObject({ id: waiting?.id, state: 'waiting', attempts: 0, run_at: due?.runAt.toISOString() })
    const [entry] = await listAuditEntries(db, tenantScope(tenantId), { action: 'job.retry' }, { limit: 1 })
    expect([entry?.before?.['run_at'], entry?.after?.['run_at']]).toEqual([
      waiting?.runAt.toISOString(),
      due?.runAt.toISOString(),
    ])
  })
})
