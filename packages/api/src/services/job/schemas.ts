import { JOB_STATES } from '@mairust/db/queue'
import { z } from 'zod'
import {
  count,
  createdAt,
  line,
  lineOrNull,
  listOutput,
  text,
  time,
  wireInt,
  word,
  type Words,
} from '../../wire/index.ts'

const ID: Words = ['Its id.', 'job_01jd4q8r6vf2s8x0k3m5n7p9tz']
const NAME: Words = ['The kind of work.', 'prune-rows']
const STATE: Words = ['`failed` jobs have been given up, and wait for somebody to retry or cancel them.', 'waiting']

/** A job on the wire; its payload stays inside. */
export const jobSchema = z.object({
  id: line(...ID),
  name: line(...NAME),
  key: lineOrNull('At most one job of a key waits; null without one.'),
  state: word(z.enum(JOB_STATES), ...STATE),
  run_at: time('When it is, or was, due.'),
  attempts: count('Runs so far, the current one included.', 1),
  max_attempts: count('Runs until it is given up.', 25),
  last_error: lineOrNull('Why the last run failed; null if none has.'),
  created_at: createdAt,
})
export type JobWire = z.output<typeof jobSchema>

export const jobsOutput = listOutput(jobSchema)

export const listJobsInput = z.strictObject({
  state: word(z.enum(JOB_STATES), ...STATE).optional(),
  name: word(text(128, 1), ...NAME).optional(),
  limit: word(wireInt(1, 1000), 'The most jobs.', 100).optional(),
})

/** Not an id of ours on PostgreSQL, where graphile-worker numbers jobs. */
export const jobIdInput = z.strictObject({ id: word(text(40, 1), ...ID) })
