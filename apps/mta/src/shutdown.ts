import { once } from 'node:events'
import type { RootLog } from '@mairust/log'

/** What ends the server, and in which order its parts are closed: the last opened first. */
export class Shutdown {
  readonly #log: RootLog
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = []
  readonly #asked = new AbortController()
  readonly #listeners: (readonly [string, (...values: unknown[]) => void])[] = []

  constructor(log: RootLog) {
    this.#log = log
    for (const signal of ['SIGTERM', 'SIGINT']) this.#on(signal, () => this.#asked.abort())
    // Going on after an error nobody expected could lose mail; the supervisor starts us again.
    this.#on('uncaughtException', (error: unknown) => this.#fail(error))
    this.#on('unhandledRejection', (error: unknown) => this.#fail(error))
  }

  /** Adds what must be closed in the end. */
  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.unshift({ name, close })
  }

  /** Runs at SIGHUP; a failure is logged and changes nothing. */
  onHangUp(reload: () => Promise<void>): void {
    this.#on('SIGHUP', () => {
      reload().catch((error: unknown) => {
        this.#log.error({ err: error }, 'The configuration could not be read again; the old one stays')
      })
    })
  }

  /** Resolves when the process is told to end. */
  async requested(signal?: AbortSignal): Promise<void> {
    signal?.addEventListener('abort', () => this.#asked.abort(), { once: true })
    if (signal?.aborted === true) this.#asked.abort()
    if (!this.#asked.signal.aborted) await once(this.#asked.signal, 'abort')
  }

  /** The value, or null when the end is asked for first. */
  async unlessEnding<T>(value: Promise<T>): Promise<T | null> {
    return Promise.race([value, this.requested().then(() => null)])
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
