import type { Samples } from './metrics.ts'
import { type Address, type Checks, hasRole, type Part, type RunningPart, type Server } from './roles.ts'

/** All parts of a process that run, as one. */
export interface RunningParts {
  readonly addresses: readonly Address[]
  checks(): Checks
  /** What the parts' own registries hold. */
  metrics(): Promise<readonly Samples[]>
  reload(): void
  /** Lets what is under way end within a time, and closes all of them. */
  stop(withinMs: number): Promise<void>
}

/**
 * Starts the parts that the roles of this process want, side by side. When one fails the others are broken off and closed.
 * @throws what the first that failed threw
 */
export async function startParts(server: Server, parts: readonly Part[]): Promise<RunningParts> {
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
    await stopAll(running, 0)
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
