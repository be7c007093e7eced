import type { Handler } from './job.ts'

/** Kinds of jobs that share their places: those of one lane never wait for those of another. */
export interface Lane {
  readonly name: string
  /** The most jobs of the lane that this process runs at a time. */
  readonly concurrency: number
  readonly handlers: readonly Handler[]
}

/** How a run ended. `returned`: this process stopped, or lost the job to another one; the run does not count. */
export type JobResult = 'done' | 'failed' | 'given_up' | 'returned'

/** Where the work tells what happens. */
export interface JobLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface WorkOptions {
  readonly lanes: readonly Lane[]
  readonly log: JobLog
  readonly onResult?: ((name: string, result: JobResult, seconds: number) => void) | undefined
  /** How often this process says that it still runs its jobs, milliseconds. */
  readonly beatMs?: number | undefined
  /** A process that has not said so for this long is taken for dead, milliseconds. */
  readonly staleMs?: number | undefined
}

export const BEAT_MS = 10_000
/** With the next beat of another process after it, jobs of a dead one go on within a minute. */
export const STALE_MS = 45_000

/** The running work of a process. */
export interface RunningJobs {
  /** Throws when no jobs are taken at the moment. */
  check(): void
  /**
   * Takes no more jobs, tells the running ones to stop, and waits for them for up to `withinMs`. What still runs then, is run again by
   * another process.
   */
  stop(withinMs: number): Promise<void>
}
