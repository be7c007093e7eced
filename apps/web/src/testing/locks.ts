/** Locks as a browser lends them to its tabs: whoever asks first holds it, the others wait in a queue. */
export class FakeLocks {
  readonly #queues = new Map<string, Promise<unknown>>()

  request(name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const before = this.#queues.get(name) ?? Promise.resolve()
    const held = before.then(() => (signal.aborted ? undefined : hold()))
    this.#queues.set(name, held)
    return held
  }
}
