import type { Db } from '@mairust/db'
import { findJob, type JobRow } from '@mairust/db/queue'
import { AppError, orNotFound } from '../../errors.ts'
import { wireTime } from '../../wire/index.ts'
import type { JobWire } from './schemas.ts'

export const toJobWire = (row: JobRow): JobWire => ({
  id: row.id,
  name: row.name,
  key: row.key,
  state: row.state,
  run_at: wireTime(row.runAt),
  attempts: row.attempts,
  max_attempts: row.maxAttempts,
  last_error: row.lastError,
  created_at: wireTime(row.createdAt),
})

export const requireJob = async (db: Db, id: string): Promise<JobRow> => orNotFound(await findJob(db, id), 'job')

export const stillRuns = (): AppError =>
  new AppError('CONFLICT', 'The job is running. Wait until it is done, or until it has failed.')
