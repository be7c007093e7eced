import type { LaneEnd, LaneTools } from './lane-tools.ts'
import { LaneMail } from './lane-mail.ts'
import type { DomainRoute } from './route.ts'
import type { Start } from './site-gate.ts'
import type { Slot } from './slots.ts'

/** Sends what is due to a domain by one of its routes, until nothing is left or its site must be left alone. */
export class Lane {
  readonly #domain: string
  readonly #route: DomainRoute
  readonly #tools: LaneTools
  readonly #mail: LaneMail

  constructor(domain: string, route: DomainRoute, tools: LaneTools) {
    this.#domain = domain
    this.#route = route
    this.#tools = tools
    this.#mail = new LaneMail(domain, route, tools)
  }

  /** Whether there was anything to do. */
  get hasWorked(): boolean {
    return this.#mail.hasWorked
  }

  /** @throws whatever the database throws */
  async run(): Promise<LaneEnd> {
    try {
      for (;;) {
        const end = await this.#step()
        if (end !== 'goes on') return end
      }
    } finally {
      await this.#mail.giveBack()
    }
  }

  async #step(): Promise<LaneEnd | 'goes on'> {
    const { sites, slots, wayTo, paused, isEnding, depart } = this.#tools
    const mail = this.#mail
    const stopped = paused()
    if (isEnding() || stopped === 'all' || !(await mail.look(stopped.mail))) return null
    const way = await wayTo(this.#domain, this.#route, mail.owners[0])
    if (way.kind === 'failed') {
      await mail.giveBack()
      return (await mail.fail(way.failure, { failures: this.#route.failures })) ? 'goes on' : null
    }
    const { destination } = way
    const gate = await sites.gate(destination.site, this.#domain)
    if (stopped.sites.has(gate.key)) return { until: Infinity, site: gate.key }
    const entered = gate.closed ?? (await gate.enter())
    if (entered.kind === 'wait') {
      // What is over is ended, whoever has it.
      await mail.giveBack()
      await mail.expire(entered.reply)
      return { until: entered.until, site: gate.key }
    }
    const slot = await slots.enter(gate.isKnown, mail.owners)
    const start = slot === null ? entered : withSlot(entered, slot)
    // It may have changed while this waited.
    const still = paused()
    const batches =
      slot === null || still === 'all'
        ? undefined
        : await mail.next(gate, still.mail, slot).catch((error: unknown) => {
            start.end(null)
            throw error
          })
    if (batches === undefined) {
      start.end(null)
      return null
    }
    depart({ batches, destination, route: this.#route, start })
    return 'goes on'
  }
}

const withSlot = (start: Start, slot: Slot): Start => ({
  ...start,
  end: (report) => {
    slot.leave()
    start.end(report)
  },
})
