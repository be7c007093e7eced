import type { Socket } from 'node:net'
import {
  failures,
  fitMessage,
  type LocalFailure,
  type PlannedAddress,
  type ProviderId,
  type SessionFacts,
  type TlsDemand,
} from '@mairust/mail-core/outbound'
import { type Login, type Opening, openSession, runTransaction, type TlsOutcome, type Trust } from './client/index.ts'
import { connect, type Sources } from './connect.ts'
import type { MessageContent } from './content.ts'
import type { OutgoingMessage, OutgoingRecipient } from './message.ts'
import type { Timeouts } from './timeouts.ts'

export type { Login, TlsOutcome, Trust }

/** How to reach a server and speak to it. */
export interface SessionOptions {
  readonly target: PlannedAddress
  readonly port: number
  readonly provider: ProviderId | null
  readonly sources: Sources
  readonly allowPrivate: boolean
  readonly name: string
  readonly demand: TlsDemand
  readonly login: Login | null
  readonly trust: Trust
  readonly timeouts: Timeouts
  /** Is told of each connection as it begins. */
  readonly own: (socket: Socket) => void
}

/** What one message came to in a session. */
export interface Transmitted {
  /** Of the recipients that the server was asked for. */
  readonly facts: SessionFacts
  /** Who could not be asked for: the server does not take such mail (O9, O15). */
  readonly refused: readonly { readonly recipient: OutgoingRecipient; readonly failure: LocalFailure }[]
  /** Whether the server passes on what was asked for in NOTIFY, RET and ENVID (O45). */
  readonly dsn: boolean
  /** Whether commands went in one write (O14). */
  readonly pipelined: boolean
  readonly conversation: readonly string[]
}

/** A session with a server, which takes one message after the other. */
export interface Session {
  readonly target: PlannedAddress
  readonly tls: TlsOutcome
  /** Whether it is in clear text because STARTTLS failed. */
  readonly handshakeFailed: boolean
  /** Messages so far. */
  readonly messages: number
  readonly openedAt: number
  /** Whether nothing unexpected has happened on it. */
  readonly isSound: boolean
  /** Sends a message. Never rejects. */
  transmit(
    message: OutgoingMessage,
    recipients: readonly OutgoingRecipient[],
    pipelining: boolean,
  ): Promise<Transmitted>
  /** Forgets the transaction before the next one: it came to nothing. */
  reset(): void
  /** Calls back when the server speaks unasked or goes, while the session is idle. */
  whenGone(callback: (() => void) | null): void
  quit(): void
}

export type Opened =
  | { readonly kind: 'open'; readonly session: Session }
  | {
      readonly kind: 'failed'
      readonly noRoute: boolean
      /** Without recipients: nobody was asked for. */
      readonly facts: Omit<SessionFacts, 'recipients'>
      readonly tls: TlsOutcome | null
      readonly handshakeFailed: boolean
      readonly conversation: readonly string[]
    }

const NOTHING_SAID = {
  banner: null,
  hello: null,
  tls: null,
  auth: null,
  mail: null,
  data: null,
  end: null,
  broken: null,
}

/** Opens a session: if TLS fails where it may, with a second connection in clear text (O21). Never rejects. */
export async function openSessionAt(options: SessionOptions, now: () => number): Promise<Opened> {
  const first = await openOnce(options, now, null)
  if (first.kind !== 'clear') return first
  const clear: TlsDemand = { ...options.demand, starttls: 'never' }
  const second = await openOnce({ ...options, demand: clear }, now, first.opening)
  return second.kind === 'clear' ? { ...failedAt(options, first.opening), handshakeFailed: true } : second
}

type Once = Opened | { readonly kind: 'clear'; readonly opening: Opening }

async function openOnce(options: SessionOptions, now: () => number, before: Opening | null): Promise<Once> {
  const { target, provider, timeouts } = options
  const handshakeFailed = before !== null
  const connected = await connect({ ...options, timeoutMs: timeouts.connect })
  if (!connected.ok) {
    const { noRoute, failure, detail } = connected
    const facts = { ...NOTHING_SAID, provider, family: target.family, broken: { stage: 'connect' as const, failure } }
    return { kind: 'failed', noRoute, facts, tls: null, handshakeFailed, conversation: [`(${detail})`] }
  }
  const opening = await openSession(connected.socket, options)
  if (before !== null) opening.channel.transcript.prepend(before.channel.transcript.take())
  if (opening.end === 'clear') return { kind: 'clear', opening }
  if (opening.end === 'failed') return { ...failedAt(options, opening), handshakeFailed }
  return { kind: 'open', session: new OpenSession(options, opening, handshakeFailed, now()) }
}

function failedAt({ target, provider }: SessionOptions, { facts, tls, channel }: Opening) {
  return {
    kind: 'failed' as const,
    noRoute: false,
    facts: { ...NOTHING_SAID, ...facts, provider, family: target.family },
    tls,
    handshakeFailed: false,
    conversation: channel.transcript.take(),
  }
}

class OpenSession implements Session {
  readonly #options: SessionOptions
  readonly #opening: Opening
  readonly tls: TlsOutcome
  readonly handshakeFailed: boolean
  readonly openedAt: number
  messages = 0
  #reset = false

  constructor(options: SessionOptions, opening: Opening, handshakeFailed: boolean, openedAt: number) {
    this.#options = options
    this.#opening = opening
    // To those who ask for TLS when it is to be had: it is not.
    const facts = { ...opening.tls.facts, handshake: 'refused' as const }
    this.tls = handshakeFailed ? { ...opening.tls, facts } : opening.tls
    this.handshakeFailed = handshakeFailed
    this.openedAt = openedAt
  }

  get target(): PlannedAddress {
    return this.#options.target
  }

  get isSound(): boolean {
    return !this.#opening.channel.isSpoilt
  }

  async transmit(
    message: OutgoingMessage,
    recipients: readonly OutgoingRecipient[],
    pipelining: boolean,
  ): Promise<Transmitted> {
    const { channel, offers, facts: opening } = this.#opening
    const { target, provider, timeouts } = this.#options
    channel.onSign(null)
    if (this.messages > 0) channel.transcript.note(`connection in use for message ${this.messages + 1}`)
    this.messages += 1
    const { content, unfit } = await this.#contentFor(message)
    const fit = fitMessage({ ...content, sender: message.sender, recipients }, offers)
    const failureOf = ({ id }: OutgoingRecipient) => fit.refused.get(id) ?? unfit
    const refused = recipients.flatMap((recipient) => {
      const failure = failureOf(recipient)
      return failure === null ? [] : [{ recipient, failure }]
    })
    const left = recipients.filter((recipient) => failureOf(recipient) === null)
    const pipelined = pipelining && offers.pipelining
    const said =
      left.length === 0
        ? { mail: null, recipients: [], data: null, end: null, broken: null }
        : await runTransaction({
            channel,
            offers,
            pipelining: pipelined,
            reset: this.#reset,
            message,
            content,
            fit,
            recipients: left,
            timeouts,
          })
    this.#reset = false
    const facts = { ...opening, provider, family: target.family, ...said }
    return { facts, refused, dsn: offers.dsn, pipelined, conversation: channel.transcript.take() }
  }

  reset(): void {
    this.#reset = true
  }

  whenGone(callback: (() => void) | null): void {
    this.#opening.channel.onSign(callback)
  }

  quit(): void {
    this.#opening.channel.quit()
  }

  /** The message in the form that the server takes (O15): raw 8-bit is never sent to one that does not. */
  async #contentFor({
    content,
    sevenBit,
  }: OutgoingMessage): Promise<{ content: MessageContent; unfit: LocalFailure | null }> {
    if (!content.eightBit || this.#opening.offers.eightBitMime) return { content, unfit: null }
    if (sevenBit === null) return { content, unfit: failures.eightBitUnsupported }
    try {
      const converted = await sevenBit()
      return { content: converted, unfit: converted.eightBit ? failures.eightBitUnsupported : null }
    } catch {
      // Storage has its own log.
      return { content, unfit: failures.unreadable }
    }
  }
}
