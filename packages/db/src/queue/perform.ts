import { toStoredText } from '@mairust/mail-core/message'
import { type Handler, type JobRun, PayloadError } from './job.ts'
import type { JobResult, WorkOptions } from './worker.ts'

/** The longest error that is stored, characters. */
const MAX_ERROR = 998

export interface Outcome {
  readonly result: JobResult
  /** Null when it is done. */
  readonly error: string | null
}

/** What is run: a job as an engine has taken it. */
export interface Performance extends Omit<JobRun, 'signal'> {
  readonly name: string
  readonly payload: unknown
  readonly maxAttempts: number
}

/** Milliseconds until the next attempt after some: 2.7 s, 7.4 s, 20 s … 6 hours, as graphile-worker has it. */
export const backoff = (attempts: number): number => 1000 * Math.exp(Math.min(attempts, 10))

/** Makes the function that runs a job and says what became of it; it never throws. */
export function createPerform({
  lanes,
  log,
  onResult,
}: Pick<WorkOptions, 'lanes' | 'log' | 'onResult'>): (job: Performance, signal: AbortSignal) => Promise<Outcome> {
  const handlers = new Map<string, Handler>(lanes.flatMap((lane) => lane.handlers.map((one) => [one.job.name, one])))
  return async ({ name, payload, maxAttempts, id, attempt }, signal) => {
    const started = performance.now()
    const about = { job: name, id, attempt }
    const outcome = await attemptOf(async () => {
      const handler = handlers.get(name)
      if (handler === undefined) throw new PayloadError('nothing here does such jobs')
      await handler.run(payload, { id, attempt, signal })
    }, signal)
    const final = outcome.result === 'failed' && (attempt >= maxAttempts || outcome.cause instanceof PayloadError)
    const result = final ? 'given_up' : outcome.result
    if (result === 'failed') log.warn({ ...about, err: outcome.cause }, 'A job failed; it will be tried again')
    if (result === 'given_up') log.error({ ...about, err: outcome.cause }, 'A job failed and was given up')
    if (result === 'returned') log.info(about, 'A job was interrupted; it will run again')
    onResult?.(name, result, (performance.now() - started) / 1000)
    return { result, error: outcome.cause === null ? null : toStoredText(textOf(outcome.cause), MAX_ERROR) }
  }
}

async function attemptOf(
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<{ result: 'done' | 'failed' | 'returned'; cause: unknown }> {
  try {
    await work()
    return { result: 'done', cause: null }
  } catch (cause) {
    return { result: signal.aborted ? 'returned' : 'failed', cause }
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message || cause.name : String(cause))
