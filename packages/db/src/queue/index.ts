export { defineJob, handle, type Handler, type Job, type JobOptions, type JobRun } from './job.ts'
export {
  cancelJob,
  cancelJobByKey,
  countJobs,
  enqueue,
  enqueueAll,
  findJob,
  listJobs,
  pruneFailedJobs,
  retryJob,
} from './queue.ts'
export { JOB_STATES, type JobCount, type JobFilter, type JobRow, type JobState } from './store.ts'
export { every, startTimers, type Timer } from './timers.ts'
export type { JobResult, Lane, RunningJobs, WorkOptions } from './worker.ts'
