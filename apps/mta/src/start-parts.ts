import type { Samples } from './metrics.ts'
import { type Address, type Checks, hasRole, type Part, type RunningPart, type Server } from './roles.ts'

/** The running parts of a process, as one. */
export interface RunningParts {
  readonly addresses: readonly Address[]
  checks(): Checks
  /** The metrics of the parts' own registries. */
  metrics(): Promise<readonly Samples[]>
  reload(): void
  /** Drains for up to `withinMs`, then closes all. */
  stop(withinMs: number): Promise<void>
}

/**
 * Starts the parts this process's roles need, concurrently. When one fails, the others are aborted and closed; those that have taken
 * work already drain for up to `withinMs`.
 * @throws the error of the first part to fail
 */
export async function startParts(
  server: Server,
  parts: readonly Part[],
  withinMs: () => number,
): Promise<RunningParts> {
  const failure = new AbortController()
  const ending = AbortSignal.any([server.ending, failure.signal])
  const wanted = parts.filter(({ roles }) => roles.some((role) => hasRole(server.config(), role)))
  const starts = wanted.map(async (part) => {
    try {
      return await part.start({ ...server, ending })
    } catch (error) {
      failure.abort(error)
      throw error
    }
  })
  const results = await Promise.allSettled(starts)
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (failure.signal.aborted) {
    await stopAll(running, withinMs())
    throw failure.signal.reason
  }
  return {
    addresses: running.flatMap(({ addresses }) => addresses),
    checks: () => Object.assign({}, ...running.map(({ checks }) => checks)) as Checks,
    metrics: () => Promise.all(running.flatMap((part) => (part.metrics === undefined ? [] : [part.metrics()]))),
    reload: () => {
      for (const part of running) part.reload?.()
    },
    stop: (withinMs) => stopAll(running, withinMs),
  }
}

async function stopAll(running: readonly RunningPart[], withinMs: number): Promise<void> {
  const results = await Promise.allSettled(running.map((part) => part.stop(withinMs)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
