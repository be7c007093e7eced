import { once } from 'node:events'
import type { RootLog } from '@mairust/log'

/** Handles the signals that stop the server, and closes what it opened in reverse order. */
export class Shutdown {
  readonly #log: RootLog
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = []
  readonly #asked = new AbortController()
  readonly #listeners: (readonly [string, (...values: unknown[]) => void])[] = []

  /** @param signal stops the server as SIGTERM does */
  constructor(log: RootLog, signal?: AbortSignal) {
    this.#log = log
    for (const name of ['SIGTERM', 'SIGINT']) this.#on(name, () => this.#asked.abort(name))
    if (signal?.aborted === true) this.#asked.abort(signal.reason)
    signal?.addEventListener('abort', () => this.#asked.abort(signal.reason), { once: true })
    // Continuing after an unexpected error could lose mail; the supervisor restarts us.
    this.#on('uncaughtException', (error: unknown) => this.#fail(error))
    this.#on('unhandledRejection', (error: unknown) => this.#fail(error))
  }

  /** Aborted once shutdown is requested; a start in progress then stops. */
  get signal(): AbortSignal {
    return this.#asked.signal
  }

  /** Adds something to close on shutdown. */
  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.unshift({ name, close })
  }

  /** Runs `reload` on SIGHUP, one run at a time. */
  onHangUp(reload: () => Promise<void>): void {
    let last = Promise.resolve()
    this.#on('SIGHUP', () => {
      last = last.then(reload)
    })
  }

  /** Resolves when shutdown is requested. */
  async requested(): Promise<void> {
    if (!this.signal.aborted) await once(this.signal, 'abort')
  }

  /** Closes everything; a failure does not stop the rest. */
  async run(): Promise<void> {
    for (const { name, close } of this.#steps.splice(0)) {
      try {
        await close()
      } catch (error) {
        this.#log.error({ err: error, part: name }, 'A part could not be closed')
      }
    }
    for (const [event, listener] of this.#listeners.splice(0)) process.off(event, listener)
  }

  #on(event: string, listener: (...values: unknown[]) => void): void {
    this.#listeners.push([event, listener])
    process.on(event, listener)
  }

  #fail(error: unknown): void {
    this.#log.error({ err: error }, 'Unexpected error; exiting')
    this.#log.flush()
    process.exit(1)
  }
}
