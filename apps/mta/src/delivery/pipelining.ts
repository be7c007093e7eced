/** For how long a server is spoken to one command at a time. */
const DISTRUST_MS = 24 * 3_600_000
const MAX_HOSTS = 1000

/**
 * Servers that offer PIPELINING and then lose commands, or answer out of step, as some firewalls in front of them do: without this,
 * every further attempt would end in the same way (O14).
 */
export class PipeliningTrust {
  readonly #now: () => number
  /** Oldest first. */
  readonly #until = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  has(host: string): boolean {
    return (this.#until.get(host) ?? 0) <= this.#now()
  }

  lose(host: string): void {
    this.#until.delete(host)
    this.#until.set(host, this.#now() + DISTRUST_MS)
    const [oldest] = this.#until.keys()
    if (this.#until.size > MAX_HOSTS && oldest !== undefined) this.#until.delete(oldest)
  }
}
