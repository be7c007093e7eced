import {
  type ConnectionDecision,
  type ConnectionLimits,
  clientKey,
  clientNetwork,
  decideConnection,
  decideDeadline,
  inNetworks,
} from '@mairust/mail-core/inbound'
import { type SmtpReply, replies } from '@mairust/mail-core/smtp'
import { chooseTicket } from './eviction.ts'
import type { Ticket } from './ticket.ts'

export interface Limits extends ConnectionLimits {
  readonly exempt: readonly string[]
}

const MINUTE = 60_000

/** Counts one listener's connections, makes room when full, and ends those past a deadline. */
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
   * Admits a connection; when full, in the place of another (`chooseTicket`).
   * @returns its ticket, or null when it must be refused
   */
  admit(address: string | null, close: (reply: SmtpReply) => void): Ticket | null {
    const { kind, evicted } = this.#decide(address)
    if (kind === 'refuse') return null
    if (kind === 'make_room' && evicted !== null) {
      this.release(evicted)
      evicted.close(replies.tooManyConnections)
    }
    const now = this.#now()
    const progress = { at: now, messageAt: now, bytes: 0 }
    const client = { address: null, network: '', exempt: false }
    const ticket: Ticket = { ...client, acceptedAt: now, mailAt: null, progress, data: null, close }
    this.#all.add(ticket)
    if (address !== null) this.#count(ticket, address)
    return ticket
  }

  /** Records the client that a trusted proxy named. @returns false when that client must be refused */
  identify(ticket: Ticket, address: string): boolean {
    if (ticket.address !== null) return true
    this.#all.delete(ticket)
    const { kind } = this.#decide(address)
    this.#all.add(ticket)
    if (kind === 'refuse') return false
    this.#count(ticket, address)
    return true
  }

  /** MAIL got 250. Only the first one protects the connection: it costs the client nothing. */
  completedMail(ticket: Ticket): void {
    if (ticket.mailAt !== null) return
    ticket.mailAt = this.#now()
    ticket.progress.at = ticket.mailAt
  }

  /** RCPT got 250 for a recipient that the transaction did not have. */
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

  #decide(address: string | null): { kind: ConnectionDecision['kind']; evicted: Ticket | null } {
    const limits = this.#limits()
    const isFull = limits.maxConnections > 0 && this.#all.size >= limits.maxConnections
    const exempt = address === null || inNetworks(address, limits.exempt)
    const evicted = isFull ? this.#choose(exempt ? null : clientNetwork(address)) : null
    const key = address === null ? null : clientKey(address)
    const decision = decideConnection(
      {
        open: this.#all.size,
        openFromAddress: key === null ? 0 : (this.#perClient.get(key) ?? 0),
        newFromAddressLastMinute: key === null ? 0 : this.#newThisMinute(key),
        evictable: evicted !== null,
        exempt,
      },
      limits,
    )
    if (decision.kind === 'refuse') this.#onRefused(address ?? 'unknown', decision.reason)
    return { kind: decision.kind, evicted }
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
    ticket.exempt = inNetworks(address, this.#limits().exempt)
    this.#perClient.set(key, (this.#perClient.get(key) ?? 0) + 1)
  }

  #choose(network: string | null): Ticket | null {
    for (const ticket of this.#all) this.#watchData(ticket)
    return chooseTicket(this.#all, { network }, this.#now())
  }

  /** Bytes of a message are progress; the deadlines judge their speed. */
  #watchData({ data, progress }: Ticket): void {
    const bytes = data?.bytes() ?? 0
    if (bytes > progress.bytes) progress.at = this.#now()
    progress.bytes = bytes
  }
}
