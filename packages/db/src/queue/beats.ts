import type { JobLog } from './worker.ts'

/** Does `beat` now and then regularly, one at a time. A failure is logged once, until one succeeds again. */
export function startBeats(everyMs: number, log: JobLog, beat: () => Promise<void>): { stop(): Promise<void> } {
  let failed = false
  let running: Promise<void> | null = null
  const once = async (): Promise<void> => {
    try {
      await beat()
      failed = false
    } catch (error) {
      if (!failed) log.error({ err: error }, 'The jobs of this process could not be renewed; trying again')
      failed = true
    }
    running = null
  }
  const next = (): void => {
    running ??= once()
  }
  next()
  const timer = setInterval(next, everyMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
