import type { Db } from '../client/db.ts'

/** A job as it is stored. */
export interface JobSpec {
  readonly name: string
  /** JSON. */
  readonly payload: string
  readonly key: string | null
  /** Null: now. */
  readonly runAt: Date | null
  readonly serial: boolean
  readonly maxAttempts: number
}

export const JOB_STATES = ['waiting', 'running', 'failed'] as const
export type JobState = (typeof JOB_STATES)[number]

/** A stored job. */
export interface JobRow {
  readonly id: string
  readonly name: string
  readonly key: string | null
  readonly payload: unknown
  /** Failed: given up, until somebody retries it. */
  readonly state: JobState
  readonly runAt: Date
  /** Runs so far, the current one included. */
  readonly attempts: number
  readonly maxAttempts: number
  /** Why the last run failed; null before the first failure. */
  readonly lastError: string | null
  readonly createdAt: Date
}

/** Which jobs to list. */
export interface JobFilter {
  readonly state?: JobState | undefined
  readonly name?: string | undefined
  /** The most rows. */
  readonly limit: number
}

/** How many jobs of a kind are in a state. */
export interface JobCount {
  readonly name: string
  readonly state: JobState
  readonly count: number
}

/** The statements on jobs, which each database has its own of. */
export interface JobStore {
  /** Adds jobs in one statement; keys occur once. */
  readonly add: (tx: Db, specs: readonly JobSpec[]) => Promise<void>
  /** Jobs in the order in which they run, or ran last. */
  readonly list: (db: Db, filter: JobFilter) => Promise<JobRow[]>
  readonly find: (db: Db, id: string) => Promise<JobRow | null>
  readonly counts: (db: Db) => Promise<JobCount[]>
  /** Makes a waiting or failed job due, with all its attempts. Returns the one that is due now; null when there is none. */
  readonly retry: (tx: Db, id: string) => Promise<JobRow | null>
  /** Removes a waiting or failed job. False when there is none. */
  readonly cancel: (tx: Db, id: string) => Promise<boolean>
  /** Removes the waiting or failed job with a key. False when there is none. */
  readonly cancelByKey: (tx: Db, key: string) => Promise<boolean>
  /** Removes jobs that were given up before a time. Returns how many. */
  readonly removeFailed: (db: Db, before: Date) => Promise<number>
}
