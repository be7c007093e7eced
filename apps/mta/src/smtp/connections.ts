import {
  type ConnectionLimits,
  clientKey,
  clientNetwork,
  decideConnection,
  decideDeadline,
  inNetworks,
} from '@mairust/mail-core/inbound'
import { type SmtpReply, replies } from '@mairust/mail-core/smtp'

export interface Limits extends ConnectionLimits {
  readonly exempt: readonly string[]
}

/** One connection's slot in a listener. */
export interface Ticket {
  /** null until a trusted proxy or front end names the client. */
  address: string | null
  /** Whose connections are evicted together: the client's `clientNetwork`, '' until it is named. */
  network: string
  readonly acceptedAt: number
  /** When MAIL first got 250; null until then. */
  mailAt: number | null
  progress: Progress
  /** Set from DATA to its reply. Once `complete`, we owe the client a reply, and no deadline applies. */
  data: { readonly startedAt: number; bytes(): number; complete(): boolean } | null
  /** Ends the connection with this reply. */
  close: (reply: SmtpReply) => void
}

/** What protects a connection from eviction. */
interface Progress {
  /** The last step towards a message, or the connection's start. */
  at: number
  /** The connection's start, or its last accepted message. */
  messageAt: number
  /** Bytes of the present DATA seen so far. */
  bytes: number
}

const MINUTE = 60_000
/** How long a step towards a message protects a connection. */
const PROTECTED = 10_000

/** Counts one listener's connections, evicts idle ones when full, and ends those past a deadline. */
export class Connections {
  readonly #limits: () => Limits
  readonly #now: () => number
  readonly #onRefused: (address: string, reason: string) => void
  readonly #all = new Set<Ticket>()
  readonly #perClient = new Map<string, number>()
  #minute = { startedAt: 0, counts: new Map<string, number>() }

  /** @param onRefused told of each client that must be refused, with the name of the limit */
  constructor(limits: () => Limits, now: () => number, onRefused: (address: string, reason: string) => void) {
    this.#limits = limits
    this.#now = now
    this.#onRefused = onRefused
  }

  get size(): number {
    return this.#all.size
  }

  /**
   * Admits a connection; when full, evicts one without progress: of the network with most connections, the idlest.
   * @returns its ticket, or null when it must be refused
   */
  admit(address: string | null, close: (reply: SmtpReply) => void): Ticket | null {
    const decision = this.#decide(address)
    if (decision === 'refuse') return null
    if (decision === 'make_room') this.#makeRoom()
    const now = this.#now()
    const progress = { at: now, messageAt: now, bytes: 0 }
    const ticket: Ticket = { address: null, network: '', acceptedAt: now, mailAt: null, progress, data: null, close }
    this.#all.add(ticket)
    if (address !== null) this.#count(ticket, address)
    return ticket
  }

  /** Records the client that a trusted proxy named. @returns false when that client must be refused */
  identify(ticket: Ticket, address: string): boolean {
    if (ticket.address !== null) return true
    this.#all.delete(ticket)
    const decision = this.#decide(address)
    this.#all.add(ticket)
    if (decision === 'refuse') return false
    this.#count(ticket, address)
    return true
  }

  /** MAIL got 250. Only the first one protects the connection: it costs the client nothing. */
  completedMail(ticket: Ticket): void {
    if (ticket.mailAt !== null) return
    ticket.mailAt = this.#now()
    ticket.progress.at = ticket.mailAt
  }

  /** RCPT got 250. */
  acceptedRecipient(ticket: Ticket): void {
    ticket.progress.at = this.#now()
  }

  /** A message got 250. */
  acceptedMessage(ticket: Ticket): void {
    const now = this.#now()
    ticket.progress = { at: now, messageAt: now, bytes: 0 }
  }

  release(ticket: Ticket): void {
    if (!this.#all.delete(ticket)) return
    if (ticket.address === null) return
    const key = clientKey(ticket.address)
    const left = (this.#perClient.get(key) ?? 1) - 1
    if (left > 0) this.#perClient.set(key, left)
    else this.#perClient.delete(key)
  }

  /** Ends connections past an absolute deadline. Called every second. */
  sweep(): void {
    const now = this.#now()
    for (const ticket of this.#all) {
      this.#watchData(ticket)
      if (ticket.data?.complete() === true) continue
      const decision = decideDeadline({
        now,
        connectedAt: ticket.acceptedAt,
        firstMailAt: ticket.mailAt,
        dataStartedAt: ticket.data?.startedAt ?? null,
        dataBytes: ticket.data?.bytes() ?? 0,
      })
      if (decision.kind === 'refuse') ticket.close(decision.reply)
    }
  }

  #decide(address: string | null): 'accept' | 'make_room' | 'refuse' {
    const limits = this.#limits()
    const key = address === null ? null : clientKey(address)
    const decision = decideConnection(
      {
        open: this.#all.size,
        openFromAddress: key === null ? 0 : (this.#perClient.get(key) ?? 0),
        newFromAddressLastMinute: key === null ? 0 : this.#newThisMinute(key),
        evictable: limits.maxConnections > 0 && this.#all.size >= limits.maxConnections && this.#idlest() !== null,
        exempt: address === null || inNetworks(address, limits.exempt),
      },
      limits,
    )
    if (decision.kind === 'refuse') this.#onRefused(address ?? 'unknown', decision.reason)
    return decision.kind
  }

  /** The client's new connections in this minute, not counting this one. */
  #newThisMinute(key: string): number {
    const now = this.#now()
    if (now - this.#minute.startedAt >= MINUTE) this.#minute = { startedAt: now, counts: new Map() }
    const before = this.#minute.counts.get(key) ?? 0
    this.#minute.counts.set(key, before + 1)
    return before
  }

  #count(ticket: Ticket, address: string): void {
    const key = clientKey(address)
    ticket.address = address
    ticket.network = clientNetwork(address)
    this.#perClient.set(key, (this.#perClient.get(key) ?? 0) + 1)
  }

  #makeRoom(): void {
    const idlest = this.#idlest()
    if (idlest === null) return
    this.release(idlest)
    idlest.close(replies.tooManyConnections)
  }

  /** The connection to evict, if any may be. */
  #idlest(): Ticket | null {
    const perNetwork = new Map<string, number>()
    for (const { network } of this.#all) perNetwork.set(network, (perNetwork.get(network) ?? 0) + 1)
    let found: { readonly ticket: Ticket; readonly others: number } | null = null
    for (const ticket of this.#all) {
      this.#watchData(ticket)
      if (this.#isProtected(ticket)) continue
      const others = perNetwork.get(ticket.network) ?? 0
      const isWorse =
        found === null ||
        others > found.others ||
        (others === found.others && ticket.progress.at < found.ticket.progress.at)
      if (isWorse) found = { ticket, others }
    }
    return found?.ticket ?? null
  }

  #isProtected({ mailAt, progress, data }: Ticket): boolean {
    const now = this.#now()
    if (data !== null) return data.complete() || now - progress.at < PROTECTED
    // Recipients that are named again and again, without a message, are no progress.
    return mailAt !== null && now - progress.at < PROTECTED && now - progress.messageAt < MINUTE
  }

  /** Bytes of a message are progress; the deadlines judge their speed. */
  #watchData({ data, progress }: Ticket): void {
    const bytes = data?.bytes() ?? 0
    if (bytes > progress.bytes) progress.at = this.#now()
    progress.bytes = bytes
  }
}
