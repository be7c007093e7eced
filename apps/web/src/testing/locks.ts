/** The Web Locks of a browser: the first to ask holds the lock, the others queue. */
export class FakeLocks {
  readonly #queues = new Map<string, Promise<unknown>>()

  request(name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const before = this.#queues.get(name) ?? Promise.resolve()
    const held = before.then(() => (signal.aborted ? undefined : hold()))
    this.#queues.set(name, held)
    return held
  }
}
