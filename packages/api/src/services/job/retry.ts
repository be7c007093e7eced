import { retryJob as retryRow } from '@mairust/db/queue'
import { recorded, verb } from '../../verb/index.ts'
import { requireJob, stillRuns, toJobWire } from './internal.ts'
import { jobIdInput, jobSchema } from './schemas.ts'

/**
 * Makes a waiting or failed job due now, with all its attempts again.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it runs
 */
export const retryJob = verb({
  permission: 'jobs:manage',
  input: jobIdInput,
  output: jobSchema,
  audit: 'job.retry',
  run: (_, { id }, commit) =>
    commit(async (tx) => {
      const before = await requireJob(tx, id)
      const due = await retryRow(tx, id)
      if (due === null) throw stillRuns()
      const after = toJobWire(due)
      return recorded(after, { targetId: id, before: toJobWire(before), after })
    }),
})
