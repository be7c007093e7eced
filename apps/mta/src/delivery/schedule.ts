/** Looks for work now and then, and when something happened. */
export interface Schedule {
  /** Looks within so many milliseconds. */
  soon(ms: number): void
  /** @throws when the last look failed */
  check(): void
  stop(): Promise<void>
}

/** Pause after a look, as a multiple of what it took: however much happens, looking takes a fifth of the time at most. */
const REST = 4
const AGAIN_MS = 1000

/** Calls `look` again and again: `idleMs` after the last time, earlier if it returns fewer milliseconds, or when asked to. */
export function createSchedule(
  look: () => Promise<number>,
  { onTrouble, idleMs }: { onTrouble: (error: unknown) => void; idleMs: number },
): Schedule {
  let stopped = false
  let failing: unknown = null
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  let nextAt = Infinity
  /** Not before this time. */
  let restUntil = 0

  function soon(ms: number): void {
    const at = Math.max(performance.now() + ms, restUntil)
    if (stopped || at >= nextAt) return
    if (timer !== null) clearTimeout(timer)
    nextAt = at
    // While it looks, only the time is noted.
    if (looking === null) timer = setTimeout(run, Math.max(at - performance.now(), 0)).unref()
  }

  function run(): void {
    timer = null
    nextAt = Infinity
    const began = performance.now()
    looking = look()
      .then(
        (ms) => {
          failing = null
          return Math.min(ms, idleMs)
        },
        (error: unknown) => {
          failing = error
          onTrouble(error)
          return AGAIN_MS
        },
      )
      .then((ms) => {
        looking = null
        restUntil = performance.now() + REST * (performance.now() - began)
        const asked = nextAt
        nextAt = Infinity
        soon(Math.min(ms, Math.max(asked - performance.now(), 0)))
      })
  }

  return {
    soon,
    check: () => {
      if (failing !== null) throw new Error('the last look failed', { cause: failing })
    },
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await looking
    },
  }
}
