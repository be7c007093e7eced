import type { Address, AddressKey } from '../address/index.ts'
import { addressKey, catchAllKey, formatAddress, parseAddress, splitSubAddress } from '../address/index.ts'
import type { AliasFacts, Directory, DomainFacts, MailboxFacts } from './directory.ts'
import { closedDomain, mailboxProblem, refuse } from './refusal.ts'
import type { LocalDelivery, RecipientDecision, RecipientRefusal, SkippedTarget } from './types.ts'

const MAX_DEPTH = 10
const MAX_ADDRESSES = 200 // per recipient, so that one RCPT cannot cause a flood of queries

/** Refusals that say nothing of where the address leads. */
const CLOSED: ReadonlySet<RecipientRefusal> = new Set(['alias_disabled', 'suspended_domain', 'pending_domain'])

interface Pending {
  readonly address: Address
  readonly via: readonly string[]
  readonly tag: string | null
}

/** Breadth-first resolution of one recipient's aliases. */
export class Resolution {
  readonly #tenantId: string
  readonly #size: number | null
  readonly #directory: Directory
  readonly #seen = new Set<string>()
  readonly #deliveries = new Map<string, LocalDelivery>()
  readonly #external = new Map<string, Address>()
  readonly #skipped: SkippedTarget[] = []
  readonly #ownerRoles = new Set<string>()
  #meant: string | null = null
  #queue: Pending[] = []

  constructor(tenantId: string, size: number | null, directory: Directory) {
    this.#tenantId = tenantId
    this.#size = size
    this.#directory = directory
  }

  /** The mailboxes that get mail, whatever the decision. */
  get mailboxIds(): string[] {
    return [...this.#deliveries.keys()]
  }

  get isTooLarge(): boolean {
    return this.#skipped.some(({ reason }) => reason === 'alias_too_large')
  }

  /** Whether there may be mailboxes behind what is closed now. */
  get isCut(): boolean {
    return this.#skipped.some(({ reason }) => CLOSED.has(reason))
  }

  /** The roles of the owners of all mailboxes found, also of those that get none. */
  get ownerRoles(): readonly string[] {
    return [...this.#ownerRoles]
  }

  get leadsOutside(): boolean {
    return this.#external.size > 0
  }

  /** Call it once. */
  async run(address: Address): Promise<RecipientDecision> {
    this.#queue = [{ address, via: [], tag: null }]
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#seen.size >= MAX_ADDRESSES && !this.#seen.has(addressKey(next.address))) {
        this.#skip(next.address, 'alias_too_large')
        break
      }
      await this.#visit(next)
    }
    return this.#decide()
  }

  async #visit(pending: Pending): Promise<void> {
    const key = addressKey(pending.address)
    if (this.#seen.has(key)) {
      if (pending.via.includes(key)) this.#skip(pending.address, 'alias_loop')
      return
    }
    this.#seen.add(key)

    const domain = await this.#directory.domain(pending.address.domain)
    if (pending.address.literal || domain?.tenantId !== this.#tenantId) {
      this.#external.set(key, pending.address)
      return
    }
    const closed = closedDomain(domain)
    if (closed !== null) this.#skip(pending.address, closed)
    else if (typeof domain.aliasOf === 'string') this.#followDomainAlias(pending, key, domain.aliasOf)
    else await this.#local(pending, key, domain)
  }

  /** An address in a domain alias is the same address in the domain it stands for. */
  #followDomainAlias(pending: Pending, key: AddressKey, domain: string): void {
    if (pending.via.length >= MAX_DEPTH) {
      this.#skip(pending.address, 'alias_too_large')
      return
    }
    this.#queue.push({ ...pending, address: { ...pending.address, domain }, via: [...pending.via, key] })
  }

  async #local(pending: Pending, key: AddressKey, domain: DomainFacts): Promise<void> {
    const found = await this.#find(pending.address, key, domain)
    if (found === null) {
      this.#skip(pending.address, 'unknown')
      return
    }
    const tag = found.tag ?? pending.tag
    // The first address looked up is the recipient's own, in the domain that a domain alias stands for.
    this.#meant ??= found.kind === 'mailbox' ? (found.role ?? found.mailbox.address) : found.alias.address
    if (found.kind === 'mailbox') {
      this.#deliver(found.mailbox, pending, tag)
      return
    }
    if (!found.alias.enabled) {
      this.#skip(pending.address, 'alias_disabled')
      return
    }
    if (pending.via.length >= MAX_DEPTH) {
      this.#skip(pending.address, 'alias_too_large')
      return
    }
    // The requested key, not the alias's: a catch-all pointing into its own domain loops only at the target address.
    const via = [...pending.via, key]
    for (const target of targetsOf(found.alias)) this.#queue.push({ address: target, via, tag })
  }

  /** The first that exists of: the address, the address without its tag, the administrator for role addresses, the catch-all. */
  async #find(address: Address, key: AddressKey, domain: DomainFacts) {
    const exact = await this.#directory.address(this.#tenantId, key)
    if (exact !== null) return { ...exact, tag: null, role: null }
    const { base, tag } = splitSubAddress(address)
    if (tag !== null) {
      const tagged = await this.#directory.address(this.#tenantId, addressKey(base))
      if (tagged !== null) return { ...tagged, tag, role: null }
    }
    if (isRoleAddress(address)) {
      const mailbox = await this.#directory.postmaster(this.#tenantId)
      if (mailbox !== null) return { kind: 'mailbox' as const, mailbox, tag: null, role: key }
    }
    const catchAll = await this.#directory.address(this.#tenantId, catchAllKey(domain.name))
    return catchAll === null ? null : { ...catchAll, tag: null, role: null }
  }

  #deliver(mailbox: MailboxFacts, pending: Pending, tag: string | null): void {
    if (this.#deliveries.has(mailbox.id)) return
    if (mailbox.ownerRole !== null) this.#ownerRoles.add(mailbox.ownerRole)
    const problem = mailboxProblem(mailbox, this.#size)
    if (problem !== null) {
      this.#skip(pending.address, problem)
      return
    }
    this.#deliveries.set(mailbox.id, { mailbox, via: pending.via, tag })
  }

  #skip(address: Address, reason: RecipientRefusal): void {
    this.#skipped.push({ address: formatAddress(address), reason })
  }

  #decide(): RecipientDecision {
    const deliveries = [...this.#deliveries.values()]
    const external = [...this.#external.values()]
    const reasons = this.#skipped.map(({ reason }) => reason)
    // Accepting the message for the others only would silently lose the copies of addresses that were not even looked up.
    if (this.isTooLarge) return this.#refuse('alias_too_large')
    // A full mailbox may have room later: for the same reason, the sender tries again for all.
    const full = reasons.find((reason) => reason === 'mailbox_full' || reason === 'exceeds_quota')
    if (full === undefined && (deliveries.length > 0 || external.length > 0)) {
      return {
        kind: 'accept',
        tenantId: this.#tenantId,
        deliveries,
        external,
        skipped: this.#skipped,
        meant: this.#meant ?? '',
        ownerRoles: this.ownerRoles,
      }
    }
    if (full !== undefined) return this.#refuse(deliveries.length > 0 ? 'mailbox_full' : full)
    return this.#refuse(reasons[0] ?? 'unknown')
  }

  #refuse(reason: RecipientRefusal): RecipientDecision {
    return refuse(reason, this.#tenantId, this.ownerRoles)
  }
}

/** Role addresses that every domain must accept (RFC 5321 §4.5.1, RFC 2142 §4). */
function isRoleAddress(address: Address): boolean {
  return /^(?:postmaster|abuse)$/i.test(address.localPart)
}

/** Skips targets that do not parse: they were never valid. */
function targetsOf(alias: AliasFacts): Address[] {
  return alias.targets.flatMap((target) => {
    const parsed = parseAddress(target)
    return parsed.ok ? [parsed.value] : []
  })
}
