import { listJobs as listRows } from '@mairust/db/queue'
import { verb } from '../../verb/index.ts'
import { jobsOutput, listJobsInput } from './schemas.ts'
import { toJobWire } from './internal.ts'

const DEFAULT_LIMIT = 100

/**
 * The jobs of the installation, in the order in which they run. There is no next page: what runs meanwhile is gone.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listJobs = verb({
  permission: 'jobs:manage',
  input: listJobsInput,
  output: jobsOutput,
  run: async (ctx, { limit = DEFAULT_LIMIT, ...filter }) => {
    const rows = await listRows(ctx.db, { ...filter, limit: limit + 1 })
    return {
      data: rows.slice(0, limit).map(toJobWire),
      pagination: { cursor: null, has_more: rows.length > limit },
    }
  },
})
