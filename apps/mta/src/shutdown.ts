import { once } from 'node:events'
import type { RootLog } from '@mairust/log'

/** What ends the server, and in which order what it opened is closed: the last opened first. */
export class Shutdown {
  readonly #log: RootLog
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = []
  readonly #asked = new AbortController()
  readonly #listeners: (readonly [string, (...values: unknown[]) => void])[] = []

  /** `signal` ends the server as SIGTERM does. */
  constructor(log: RootLog, signal?: AbortSignal) {
    this.#log = log
    for (const name of ['SIGTERM', 'SIGINT']) this.#on(name, () => this.#asked.abort(name))
    if (signal?.aborted === true) this.#asked.abort(signal.reason)
    signal?.addEventListener('abort', () => this.#asked.abort(signal.reason), { once: true })
    // Going on after an error nobody expected could lose mail; the supervisor starts us again.
    this.#on('uncaughtException', (error: unknown) => this.#fail(error))
    this.#on('unhandledRejection', (error: unknown) => this.#fail(error))
  }

  /** Aborted from the moment on when the process is told to end; a start that is under way then goes no further. */
  get signal(): AbortSignal {
    return this.#asked.signal
  }

  /** Adds what must be closed in the end. */
  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.unshift({ name, close })
  }

  /** Runs at SIGHUP, one run at a time. */
  onHangUp(reload: () => Promise<void>): void {
    let last = Promise.resolve()
    this.#on('SIGHUP', () => {
      last = last.then(reload)
    })
  }

  /** Resolves when the process is told to end. */
  async requested(): Promise<void> {
    if (!this.signal.aborted) await once(this.signal, 'abort')
  }

  /** Closes everything; one that fails does not keep the others open. */
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
    this.#log.error({ err: error }, 'Unexpected error; ending')
    this.#log.flush()
    process.exit(1)
  }
}
