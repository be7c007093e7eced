import type { Db } from '@mairust/db'
import { findSite, putSite } from '@mairust/db/queries/delivery-site'
import type { Log } from '@mairust/log'
import { newSite, NO_TLS_MEMORY, type Site } from '@mairust/mail-core/outbound'
import { type GateOptions, SiteGate } from './site-gate.ts'
import type { SiteMemory, Told } from './site-memory.ts'

export interface SitesOptions extends Omit<GateOptions, 'changed'> {
  readonly db: Db
  /** Told when it may be sent to at another time than was known. */
  readonly onChange: (key: string) => void
  readonly log: Log
}

/** Gates kept while nothing is sent there. */
const MAX_IDLE = 10_000

/** The gates of all sites, which remember across restarts what must not be forgotten. */
export class Sites {
  readonly #options: SitesOptions
  /** Those that are read, and those that are being read. */
  readonly #gates = new Map<string, SiteGate>()
  readonly #reading = new Map<string, Promise<SiteGate>>()
  /** One write at a time for each site; the last state wins. */
  readonly #writing = new Map<string, Promise<void>>()

  constructor(options: SitesOptions) {
    this.#options = options
  }

  /** The gate of a site. @throws whatever the database throws */
  async gate({ key }: Pick<Site, 'key'>, domain: string): Promise<SiteGate> {
    const known = this.#gates.get(key) ?? this.#reading.get(key)
    if (known !== undefined) return known
    this.#forget()
    const reading = this.#read(key, domain).finally(() => this.#reading.delete(key))
    this.#reading.set(key, reading)
    return reading
  }

  /** Until when nothing may be sent to a site, milliseconds since the epoch; null: it may be tried. */
  closedUntil(key: string): number | null {
    return this.#gates.get(key)?.closed?.until ?? null
  }

  /** Reads again what operators and other nodes may have changed. */
  async reload(): Promise<void> {
    for (const gate of this.#gates.values()) {
      await this.#writing.get(gate.key)
      const stored = await findSite(this.#options.db, gate.key)
      if (stored !== null) gate.reload(stored)
    }
  }

  /** Sends all who wait away, and resolves when everything is written. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#reading.values())
    for (const gate of this.#gates.values()) gate.close()
    await Promise.all(this.#writing.values())
  }

  async #read(key: string, domain: string): Promise<SiteGate> {
    const { db, settings } = this.#options
    const stored = await findSite(db, key)
    const memory: SiteMemory =
      stored === null
        ? { state: newSite(settings()), tls: NO_TLS_MEMORY }
        : // Whoever was probing it may be gone.
          {
            ...stored,
            state: { ...stored.state, dead: stored.state.dead && { ...stored.state.dead, probingUntil: null } },
          }
    const gate: SiteGate = new SiteGate(key, domain, memory, {
      ...this.#options,
      changed: (told) => this.#changed(gate, told),
    })
    this.#gates.set(key, gate)
    return gate
  }

  #changed(gate: SiteGate, { raised, turned, fell, isNotable }: Told): void {
    const { log } = this.#options
    const about = { site: gate.key, domain: gate.domain }
    for (const { cause, rule, reply, until } of raised) {
      const words = cause === 'block_list' ? 'A block list has our address' : 'A site wants mail more slowly'
      log.warn({ ...about, rule, reply, until: new Date(until) }, words)
    }
    const { dead } = gate.memory.state
    if (turned === 'dead')
      log.warn({ ...about, reply: dead?.reply }, 'No server of a site takes part; all its mail waits')
    if (turned === 'alive') log.info(about, 'A site takes mail again')
    if (fell) log.warn(about, 'Mail went in clear text to a site that has proved its identity before')
    if (!isNotable) return
    this.#options.onChange(gate.key)
    this.#write(gate)
  }

  #write(gate: SiteGate): void {
    const before = this.#writing.get(gate.key) ?? Promise.resolve()
    const write = before
      .then(() =>
        putSite(
          this.#options.db,
          { key: gate.key, domain: gate.domain, ...gate.memory },
          new Date(this.#options.now()),
        ),
      )
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error, site: gate.key }, 'A site could not be remembered'),
      )
      .finally(() => {
        if (this.#writing.get(gate.key) === write) this.#writing.delete(gate.key)
      })
    this.#writing.set(gate.key, write)
  }

  #forget(): void {
    for (const [key, gate] of this.#gates) {
      if (this.#gates.size <= MAX_IDLE) return
      if (gate.isIdle) this.#gates.delete(key)
    }
  }
}
