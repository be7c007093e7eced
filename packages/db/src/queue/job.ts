import type { z } from 'zod'

/** A kind of work that is done once, apart from what asks for it. */
export interface Job<P> {
  readonly name: string
  /** What a run gets; only JSON. */
  readonly payload: z.ZodType<P>
  /** At most one of this kind runs at a time in the whole installation. */
  readonly serial: boolean
  /** Runs until a job that always fails, or takes its process down, is given up. */
  readonly maxAttempts: number
}

/** Pauses between the attempts grow to 6 hours: with this many a job is tried for about four days. */
const MAX_ATTEMPTS = 25

/** Defines a kind of job. Its name is stored: do not change it while jobs may wait. */
export function defineJob<P>(about: {
  name: string
  payload: z.ZodType<P>
  serial?: boolean
  maxAttempts?: number
}): Job<P> {
  return { serial: false, maxAttempts: MAX_ATTEMPTS, ...about }
}

/** When a job is to run, and whether it may stand for others. */
export interface JobOptions {
  /**
   * Of the jobs with one key at most one waits: the payload is that of the last one, the time the earliest. One that already runs
   * does not count, as it may have missed what the new one is about.
   */
  readonly key?: string | undefined
  /** Not before this time; default: now. */
  readonly runAt?: Date | undefined
}

/** A run of a job, as its handler sees it. */
export interface JobRun {
  readonly id: string
  /** 1 for the first run. */
  readonly attempt: number
  /**
   * Aborted when the process stops, or another one has taken the job over. A handler that throws after that runs again elsewhere, and
   * the run does not count.
   */
  readonly signal: AbortSignal
}

/** A job with what does it. */
export interface Handler {
  readonly job: Job<unknown>
  /** @throws PayloadError when the stored payload does not fit this version of the program */
  run(payload: unknown, run: JobRun): Promise<void>
}

/** The stored payload is not one of the job's. Trying again cannot help. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError'
}

/** Connects a job with its work, which may be repeated after a crash: what it did before must not harm. */
export function handle<P>(job: Job<P>, work: (payload: P, run: JobRun) => Promise<void>): Handler {
  return {
    job,
    run: async (stored, run) => {
      const { success, data, error } = job.payload.safeParse(stored)
      if (!success) throw new PayloadError(`the payload does not fit: ${issuesOf(error)}`)
      await work(data, run)
    },
  }
}

const issuesOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`).join('; ')
