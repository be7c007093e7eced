export { cancelJob } from './cancel.ts'
export { listJobs } from './list.ts'
export { retryJob } from './retry.ts'
