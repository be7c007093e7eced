import type { Db } from '@mairust/db'
import {
  type Claim,
  claimDeliveries,
  type ClaimedDelivery,
  claimSiblings,
  firstUser,
  type PausedMail,
  siblingDomains,
} from '@mairust/db/queries/delivery-claim'
import { returnClaims } from '@mairust/db/queries/delivery-lease'
import { failures, type LocalFailure, type StsPolicy } from '@mairust/mail-core/outbound'
import { smtpReply } from '@mairust/mail-core/smtp'
import { type Batches, batchesOf } from './claims.ts'
import { type HeldClaims, LEASE_MS } from './held.ts'
import { failedOutcome, type RetryTerms } from './outcomes.ts'
import type { Destination, Way } from './resolve-mx.ts'
import type { DomainRoute } from './route.ts'
import type { Settler } from './settler.ts'
import type { SiteGate, Start } from './site-gate.ts'
import type { Sites } from './sites.ts'
import type { Slot, Slots } from './slots.ts'

/** What is not sent now; `all`: nothing is. */
export type Paused = 'all' | { readonly mail: PausedMail; readonly sites: ReadonlySet<string> }

/** An attempt to be made. */
export interface Departure {
  readonly batches: Batches
  readonly destination: Destination
  readonly route: DomainRoute
  readonly start: Start
}

/** What lanes need. */
export interface LaneTools {
  readonly db: Db
  readonly sites: Sites
  readonly slots: Slots
  readonly held: HeldClaims
  readonly settler: Settler
  /** The way to a domain by one of its routes, which is looked up for `owner`: owners take turns with DNS. Never rejects. */
  readonly wayTo: (domain: string, route: DomainRoute, owner: string) => Promise<Way>
  /** The route of mail to a domain that was never tried. */
  readonly firstRoute: (domain: string) => DomainRoute
  readonly stsOf: (domain: string, owner: string) => Promise<StsPolicy | null>
  /** Makes an attempt in the background, which ends its start. */
  readonly depart: (departure: Departure) => void
  readonly paused: () => Paused
  /** Most deliveries to claim at a time: many lanes hold no more than one. */
  readonly claimLimit: () => number
  readonly terms: () => RetryTerms
  readonly isEnding: () => boolean
}

/**
 * Until when there is nothing to do, milliseconds since the epoch, unless the site changes; null: until something comes or is due.
 */
export type LaneEnd = { readonly until: number; readonly site: string } | null

/** Deliveries that fail without an attempt, in one transaction. */
const MAX_FAILING = 100
/** What goes with claimed deliveries, and other domains that are looked at for it. */
const MAX_SIBLINGS = 500
const MAX_DOMAINS = 20

/** Sends what is due to a domain by one of its routes, until nothing is left or its site must be left alone. */
export class Lane {
  readonly #domain: string
  readonly #route: DomainRoute
  readonly #tools: LaneTools
  /** Claimed, and not under way yet. */
  #waiting: Batches[] = []
  /** Whose mail has waited longest; else the domain. */
  #owner: string
  /** Whether there was anything to do. */
  hasWorked = false

  constructor(domain: string, route: DomainRoute, tools: LaneTools) {
    this.#domain = domain
    this.#route = route
    this.#tools = tools
    this.#owner = domain
  }

  /** @throws whatever the database throws */
  async run(): Promise<LaneEnd> {
    this.#owner = (await firstUser(this.#tools.db, this.#domain)) ?? this.#domain
    try {
      for (;;) {
        const end = await this.#step()
        if (end !== 'goes on') return end
      }
    } finally {
      await this.#giveBack()
    }
  }

  async #step(): Promise<LaneEnd | 'goes on'> {
    const { sites, wayTo, paused, isEnding } = this.#tools
    const stopped = paused()
    if (isEnding() || stopped === 'all') return null
    const way = await wayTo(this.#domain, this.#route, this.#owner)
    if (way.kind === 'failed') {
      await this.#giveBack()
      return (await this.#fail(way.failure, { failures: this.#route.failures })) ? 'goes on' : null
    }
    const { destination } = way
    const gate = await sites.gate(destination.site, this.#domain)
    if (stopped.sites.has(gate.key)) return { until: Infinity, site: gate.key }
    const entered = gate.closed ?? (await gate.enter())
    if (entered.kind === 'wait') {
      // What is over is ended, whoever has it.
      await this.#giveBack()
      await this.#expire(entered.reply)
      return { until: entered.until, site: gate.key }
    }
    const slot = await this.#tools.slots.enter(gate.isKnown)
    const start = slot === null ? entered : withSlot(entered, slot)
    // It may have changed while this waited.
    const still = paused()
    if (slot === null || still === 'all') {
      start.end(null)
      return null
    }
    try {
      if (this.#waiting.length === 0) this.#waiting = await gate.alone(() => this.#claim(gate, still.mail, slot))
    } catch (error) {
      start.end(null)
      throw error
    }
    const batches = this.#waiting.shift()
    if (batches === undefined) {
      start.end(null)
      return null
    }
    slot.serve(batches[0].items[0].outgoing.userId)
    this.#tools.depart({ batches, destination, route: this.#route, start })
    return 'goes on'
  }

  async #claim(gate: SiteGate, mail: PausedMail, slot: Slot): Promise<Batches[]> {
    const { db, held, claimLimit } = this.#tools
    const claimed = await this.#take({ failures: this.#route.failures, limit: claimLimit(), paused: mail })
    const [first] = claimed
    if (first === undefined) return []
    // Policies may be slow to come too.
    slot.serve(first.outgoing.userId)
    try {
      const domains = [this.#domain, ...(await this.#domainsOfSite(gate, claimed))]
      const terms = { ...this.#claimTerms(), limit: MAX_SIBLINGS, paused: mail }
      const siblings = await claimSiblings(db, claimed, domains, terms)
      held.add(siblings)
      claimed.push(...siblings)
      const policies = new Map(await Promise.all(domains.map(async (name) => [name, await this.#stsOf(name)] as const)))
      const route = this.#route.host === null ? '' : gate.key
      return batchesOf(claimed, { site: gate.key, route, stsOf: (name) => policies.get(name) ?? null })
    } catch (error) {
      await this.#return(claimed)
      throw error
    }
  }

  /** A smart host is ours to choose, and not the domain's policy's to name. */
  #stsOf(domain: string): Promise<StsPolicy | null> {
    return this.#route.host === null ? this.#tools.stsOf(domain, this.#owner) : Promise.resolve(null)
  }

  /** The other domains of the claimed messages whose new mail goes to the same site. */
  async #domainsOfSite(gate: SiteGate, claimed: readonly ClaimedDelivery[]): Promise<string[]> {
    const { db, wayTo, firstRoute } = this.#tools
    const { now } = this.#claimTerms()
    const found = await siblingDomains(db, claimed, now)
    const names = [...new Set(found.map(({ domain }) => domain))].slice(0, MAX_DOMAINS)
    const keys = await Promise.all(
      names.map(async (name) => {
        const way = await wayTo(name, firstRoute(name), this.#owner)
        return way.kind === 'way' ? way.destination.site.key : null
      }),
    )
    return names.filter((_, at) => keys[at] === gate.key)
  }

  /** Ends what is over while its site takes nothing. */
  async #expire(reply: string): Promise<void> {
    const { noAnswer } = failures
    const said = reply === '' ? noAnswer : { ...noAnswer, reply: smtpReply(451, '4.4.1', reply) }
    while (await this.#fail(said, { expired: true }));
  }

  /** Writes down that deliveries failed without any server. Whether there were some. */
  async #fail(failure: LocalFailure, which: Pick<Claim, 'failures' | 'expired'>): Promise<boolean> {
    const { held, settler, terms } = this.#tools
    const claimed = await this.#take({ ...which, limit: MAX_FAILING })
    if (claimed.length === 0) return false
    const written = await settler.settle(claimed.map((one) => failedOutcome(one, failure, terms())))
    held.drop(claimed)
    return written
  }

  async #take(which: Pick<Claim, 'failures' | 'expired' | 'limit' | 'paused'>): Promise<ClaimedDelivery[]> {
    const { db, held } = this.#tools
    const claimed = await claimDeliveries(db, { ...this.#claimTerms(), domain: this.#domain, ...which })
    held.add(claimed)
    this.hasWorked ||= claimed.length > 0
    return claimed
  }

  #claimTerms() {
    return { now: this.#tools.terms().now, leaseMs: LEASE_MS }
  }

  #giveBack(): Promise<void> {
    const claimed = this.#waiting.flat().flatMap(({ items }) => items)
    this.#waiting = []
    return this.#return(claimed)
  }

  /** Should that fail, their leases end by themselves. */
  async #return(claimed: readonly ClaimedDelivery[]): Promise<void> {
    this.#tools.held.drop(claimed)
    await returnClaims(this.#tools.db, claimed)
  }
}

const withSlot = (start: Start, slot: Slot): Start => ({
  ...start,
  end: (report) => {
    slot.leave()
    start.end(report)
  },
})
