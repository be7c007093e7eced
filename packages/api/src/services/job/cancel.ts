import { cancelJob as cancelRow } from '@mairust/db/queue'
import { removed, verb } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { requireJob, stillRuns, toJobWire } from './internal.ts'
import { jobIdInput } from './schemas.ts'

/**
 * Removes a job that waits or has been given up.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it runs
 */
export const cancelJob = verb({
  permission: 'jobs:manage',
  input: jobIdInput,
  output: removalSchema,
  audit: 'job.cancel',
  run: (_, { id }, commit) =>
    commit(async (tx) => {
      const before = await requireJob(tx, id)
      if (!(await cancelRow(tx, id))) throw stillRuns()
      return removed(toJobWire(before))
    }),
})
