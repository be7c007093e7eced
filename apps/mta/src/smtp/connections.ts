import {
  type ConnectionLimits,
  clientKey,
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
  readonly acceptedAt: number
  /** When MAIL first got 250; null until then, while the connection may be evicted. */
  mailAt: number | null
  /** Set from DATA to its reply. Once `complete`, we owe the client a reply, and no deadline applies. */
  data: { readonly startedAt: number; bytes(): number; complete(): boolean } | null
  /** Ends the connection with this reply. */
  close: (reply: SmtpReply) => void
}

const MINUTE = 60_000

/** Counts one listener's connections, evicts idle ones when full, and ends those past a deadline. */
export class Connections {
  readonly #limits: () => Limits
  readonly #now: () => number
  readonly #onRefused: (address: string, reason: string) => void
  readonly #all = new Set<Ticket>()
  /** Connections that have not completed MAIL, oldest first. */
  readonly #fresh = new Set<Ticket>()
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
   * Admits a connection; when full, evicts the oldest one that has not completed MAIL.
   * @returns its ticket, or null when it must be refused
   */
  admit(address: string | null, close: (reply: SmtpReply) => void): Ticket | null {
    const decision = this.#decide(address)
    if (decision === 'refuse') return null
    if (decision === 'make_room') this.#makeRoom()
    const ticket: Ticket = { address: null, acceptedAt: this.#now(), mailAt: null, data: null, close }
    this.#all.add(ticket)
    this.#fresh.add(ticket)
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

  /** MAIL got 250: the connection can no longer be evicted. */
  completedMail(ticket: Ticket): void {
    ticket.mailAt ??= this.#now()
    this.#fresh.delete(ticket)
  }

  release(ticket: Ticket): void {
    if (!this.#all.delete(ticket)) return
    this.#fresh.delete(ticket)
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
        evictable: this.#fresh.size > 0,
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
    this.#perClient.set(key, (this.#perClient.get(key) ?? 0) + 1)
  }

  #makeRoom(): void {
    const [oldest] = this.#fresh
    if (oldest === undefined) return
    this.release(oldest)
    oldest.close(replies.tooManyConnections)
  }
}
