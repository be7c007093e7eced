import type { Log } from '@mairust/log'

/** The supervisor process, which restarts this one when it dies (scripts/bootstrap/supervise.mjs). */
export interface Supervisor {
  /** Aborted on SIGTERM or SIGINT, or, with the reason `orphaned`, when the supervisor is gone: a successor may start soon. */
  readonly ending: AbortSignal
  /** Tells the supervisor that the server is ready. */
  ready(): void
  /** Tells the supervisor that a restart is of no use. */
  final(): Promise<void>
  /** Logs how the previous server ended, if unexpectedly. */
  logPredecessor(log: Log): void
  /** Closes the channel, which would keep this process alive. */
  disconnect(): void
}

/**
 * Listens for signals and the supervisor, long before the server can. Without a supervisor, for signals only.
 */
export function connectSupervisor(): Supervisor {
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  // The default would kill a server that is still starting, which has nothing to reload.
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
    disconnect: () => {
      if (process.connected) process.disconnect()
    },
    logPredecessor: (log) => {
      process.on('message', (message: unknown) => {
        if (!isPredecessor(message)) return
        const { code, signal, restarts, words } = message
        log.error({ code, signal, restarts, words }, 'The previous server exited unexpectedly')
      })
    },
  }
}

const isPredecessor = (message: unknown): message is { type: 'predecessor' } & Record<string, unknown> =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'predecessor'
