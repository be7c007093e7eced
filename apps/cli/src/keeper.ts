import type { Log } from '@mairust/log'

/** The process that watches over this one and starts it again when it dies (scripts/bootstrap/supervise.mjs). */
export interface Keeper {
  /** Aborted when we are told to end, or when the keeper is gone. The reason then is `orphaned`: there may be a successor soon. */
  readonly ending: AbortSignal
  /** Tells the keeper that the server serves. */
  ready(): void
  /** Tells the keeper that starting again is of no use. */
  final(): Promise<void>
  /** Logs how the server before this one ended, if it ended unexpectedly. */
  tell(log: Log): void
  /** Closes the channel, which would keep this process. */
  leave(): void
}

/**
 * Listens to signals and to the keeper from now on, long before the server can. Without a keeper only signals count.
 */
export function meetKeeper(): Keeper {
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  // It would end a server that is only starting, and has nothing to read again.
  process.on('SIGHUP', () => undefined)
  process.on('disconnect', () => ending.abort('orphaned'))
  const send = (type: string): Promise<void> =>
    new Promise((resolve) => {
      if (process.send === undefined || !process.connected) resolve()
      else process.send({ type }, () => resolve())
    })
  return {
    ending: ending.signal,
    ready: () => void send('ready'),
    final: () => send('final'),
    leave: () => {
      if (process.connected) process.disconnect()
    },
    tell: (log) => {
      process.on('message', (message: unknown) => {
        if (!isPredecessor(message)) return
        const { code, signal, restarts, words } = message
        log.error({ code, signal, restarts, words }, 'The server before this one ended unexpectedly')
      })
    },
  }
}

const isPredecessor = (message: unknown): message is { type: 'predecessor' } & Record<string, unknown> =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'predecessor'
