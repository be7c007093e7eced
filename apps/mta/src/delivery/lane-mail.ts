import {
  type Claim,
  claimDeliveries,
  type ClaimedDelivery,
  claimSiblings,
  dueUsers,
  type PausedMail,
  siblingDomains,
} from '@mairust/db/queries/delivery-claim'
import { returnClaims } from '@mairust/db/queries/delivery-lease'
import { failures, type LocalFailure, type StsPolicy } from '@mairust/mail-core/outbound'
import { smtpReply } from '@mairust/mail-core/smtp'
import { type Batches, batchesOf } from './claims.ts'
import { LEASE_MS } from './held.ts'
import type { LaneTools } from './lane-tools.ts'
import { failedOutcome } from './outcomes.ts'
import type { DomainRoute } from './route.ts'
import type { SiteGate } from './site-gate.ts'
import type { Slot } from './slots.ts'

/** Deliveries that fail without an attempt, in one transaction. */
const MAX_FAILING = 100
/** What goes with claimed deliveries, and other domains that are looked at for it. */
const MAX_SIBLINGS = 500
const MAX_DOMAINS = 20

/** What a lane takes from the queue, and has not sent yet. */
export class LaneMail {
  readonly #domain: string
  readonly #route: DomainRoute
  readonly #tools: LaneTools
  /** Claimed, and not under way yet. */
  #waiting: Batches[] = []
  #names: readonly [string, ...string[]]
  /** Whether there was anything. */
  hasWorked = false

  constructor(domain: string, route: DomainRoute, tools: LaneTools) {
    this.#domain = domain
    this.#route = route
    this.#tools = tools
    this.#names = [domain]
  }

  /** Whose mail is next, those first whose mail has waited longest. What is no user's is its domain's. */
  get owners(): readonly [string, ...string[]] {
    return this.#names
  }

  /** Whether anything is claimed or due, and whose it is. */
  async look(paused: PausedMail): Promise<boolean> {
    const [next] = this.#waiting
    const { failures } = this.#route
    const { now } = this.#claimTerms()
    const users =
      next === undefined
        ? await dueUsers(this.#tools.db, { domain: this.#domain, now, failures, paused })
        : [next[0].items[0].outgoing.userId]
    const [first, ...others] = users.map((userId) => userId ?? this.#domain)
    if (first === undefined) return false
    this.#names = [first, ...others]
    return true
  }

  /** What goes next; undefined: nothing is due any more. */
  async next(gate: SiteGate, paused: PausedMail, slot: Slot): Promise<Batches | undefined> {
    await this.#giveBackOf(paused)
    if (this.#waiting.length === 0) this.#waiting = await gate.alone(() => this.#claim(gate, paused, slot))
    const batches = this.#waiting.shift()
    if (batches !== undefined) slot.serve(batches[0].items[0].outgoing)
    return batches
  }

  async #claim(gate: SiteGate, mail: PausedMail, slot: Slot): Promise<Batches[]> {
    const { db, held, claimLimit } = this.#tools
    const claimed = await this.#take({ failures: this.#route.failures, limit: claimLimit(), paused: mail })
    const [first] = claimed
    if (first === undefined) return []
    // Policies may be slow to come too.
    slot.serve(first.outgoing)
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
    return this.#route.host === null ? this.#tools.stsOf(domain, this.owners[0]) : Promise.resolve(null)
  }

  /** The other domains of the claimed messages whose new mail goes to the same site. */
  async #domainsOfSite(gate: SiteGate, claimed: readonly ClaimedDelivery[]): Promise<string[]> {
    const { db, wayTo, firstRoute } = this.#tools
    const { now } = this.#claimTerms()
    const found = await siblingDomains(db, claimed, now)
    const names = [...new Set(found.map(({ domain }) => domain))].slice(0, MAX_DOMAINS)
    const keys = await Promise.all(
      names.map(async (name) => {
        const way = await wayTo(name, firstRoute(name), this.owners[0])
        return way.kind === 'way' ? way.destination.site.key : null
      }),
    )
    return names.filter((_, at) => keys[at] === gate.key)
  }

  /** Ends what is over while its site takes nothing. */
  async expire(reply: string): Promise<void> {
    const { noAnswer } = failures
    const said = reply === '' ? noAnswer : { ...noAnswer, reply: smtpReply(451, '4.4.1', reply) }
    while (await this.fail(said, { expired: true }));
  }

  /** Writes down that deliveries failed without any server. Whether there were some. */
  async fail(failure: LocalFailure, which: Pick<Claim, 'failures' | 'expired'>): Promise<boolean> {
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

  /** Gives back what was claimed for these: since then they have come to have too much under way, or are paused. */
  async #giveBackOf({ userIds, tenantIds }: PausedMail): Promise<void> {
    const isTheirs = ([{ items }]: Batches): boolean => {
      const { userId, tenantId } = items[0].outgoing
      return tenantIds.includes(tenantId) || (userId !== null && userIds.includes(userId))
    }
    const theirs = this.#waiting.filter(isTheirs)
    if (theirs.length === 0) return
    this.#waiting = this.#waiting.filter((batches) => !isTheirs(batches))
    await this.#return(claimedOf(theirs))
  }

  giveBack(): Promise<void> {
    const claimed = claimedOf(this.#waiting)
    this.#waiting = []
    return this.#return(claimed)
  }

  /** Should that fail, their leases end by themselves. */
  async #return(claimed: readonly ClaimedDelivery[]): Promise<void> {
    this.#tools.held.drop(claimed)
    await returnClaims(this.#tools.db, claimed)
  }
}

const claimedOf = (all: readonly Batches[]): ClaimedDelivery[] => all.flat().flatMap(({ items }) => items)
