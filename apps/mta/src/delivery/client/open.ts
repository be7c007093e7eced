import type { Socket } from 'node:net'
import {
  failures,
  type LocalFailure,
  mayAuthenticate,
  type SessionFacts,
  type SessionStage,
  type TlsDemand,
  type TlsFacts,
  type TlsLevel,
  tlsStep,
} from '@mairust/mail-core/outbound'
import type { SmtpReply } from '@mairust/mail-core/smtp'
import type { Timeouts } from '../timeouts.ts'
import { Broken, Channel, type Reply } from './channel.ts'
import { type Login, logIn } from './login.ts'
import { NO_OFFERS, readOffers, type ServerOffers } from './offers.ts'
import { type Handshake, HandshakeFailed, startTls, type Trust } from './tls.ts'

/** How to open a session. */
export interface OpenOptions {
  /** Our name in EHLO (O10). */
  readonly name: string
  readonly demand: TlsDemand
  readonly login: Login | null
  readonly trust: Trust
  readonly timeouts: Timeouts
}

/** What was said before any mail. */
export type OpeningFacts = Pick<SessionFacts, 'banner' | 'hello' | 'tls' | 'auth' | 'broken'>

/** What TLS came to. */
export interface TlsOutcome {
  readonly level: TlsLevel
  readonly facts: TlsFacts
  /** Null: no handshake. */
  readonly handshake: Handshake | null
}

export interface Opening {
  readonly channel: Channel
  readonly facts: OpeningFacts
  readonly offers: ServerOffers
  readonly tls: TlsOutcome
  /** `ready`: mail may follow. `clear`: connect again, without TLS (O21). */
  readonly end: 'ready' | 'failed' | 'clear'
}

/** Takes the greeting, says EHLO, starts TLS and logs in, as far as it is asked for. Never rejects. */
export async function openSession(socket: Socket, options: OpenOptions): Promise<Opening> {
  const opening = new SessionOpening(socket, options)
  const end = await opening.run()
  const { channel, facts, offers, tls } = opening
  if (end !== 'ready') channel.quit()
  return { channel, facts, offers, tls, end }
}

const isGood = ({ code }: SmtpReply) => code >= 200 && code < 300

class SessionOpening {
  readonly channel: Channel
  readonly #options: OpenOptions
  #stage: SessionStage = 'banner'
  facts: OpeningFacts = { banner: null, hello: null, tls: null, auth: null, broken: null }
  offers = NO_OFFERS
  tls: TlsOutcome = { level: 'clear', facts: { offered: false, handshake: null, verified: false }, handshake: null }

  constructor(socket: Socket, options: OpenOptions) {
    this.channel = new Channel(socket)
    this.#options = options
  }

  async run(): Promise<Opening['end']> {
    try {
      this.channel.within(this.#options.timeouts.opening)
      const { reply } = await this.channel.reply(this.#options.timeouts.banner)
      this.facts = { ...this.facts, banner: reply }
      if (!isGood(reply) || !(await this.#greet())) return 'failed'
      const end = await this.#secure()
      return end === 'ready' ? await this.#logIn() : end
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      return this.#break(error.failure)
    }
  }

  /** RFC 5321 §3.2: HELO only after a 5yz to EHLO. */
  async #greet(): Promise<boolean> {
    this.#stage = 'hello'
    let said = await this.#say(`EHLO ${this.#options.name}`)
    const extended = isGood(said.reply)
    if (said.reply.code >= 500) said = await this.#say(`HELO ${this.#options.name}`)
    this.facts = { ...this.facts, hello: said.reply }
    this.offers = extended ? readOffers(said.lines) : NO_OFFERS
    return isGood(said.reply)
  }

  async #secure(): Promise<Opening['end']> {
    const { demand, trust, timeouts } = this.#options
    this.#stage = 'tls'
    let facts: TlsFacts = { ...this.tls.facts, offered: this.offers.startTls }
    for (;;) {
      this.tls = { ...this.tls, facts }
      const step = tlsStep(demand, facts)
      if (step.kind === 'give_up') return this.#break(step.failure)
      if (step.kind === 'reconnect_clear') return 'clear'
      if (step.kind === 'go_on') {
        this.tls = { ...this.tls, level: step.level }
        // What was offered before TLS is forgotten (RFC 3207 §4.2).
        return facts.handshake !== 'done' || (await this.#greet()) ? 'ready' : 'failed'
      }
      const { reply } = await this.#say('STARTTLS')
      if (reply.code === 421) {
        this.facts = { ...this.facts, tls: reply }
        return 'failed'
      }
      if (!isGood(reply)) {
        facts = { ...facts, handshake: 'refused' }
        continue
      }
      this.facts = { ...this.facts, tls: reply }
      try {
        const handshake = await startTls(this.channel, demand, trust, timeouts.handshake)
        this.tls = { ...this.tls, handshake }
        this.channel.transcript.note(
          `${handshake.protocol ?? 'TLS'}, ${handshake.cipher ?? ''}, ${handshake.problem ?? 'verified'}`,
        )
        facts = { ...facts, handshake: 'done', verified: handshake.problem === null }
      } catch (error) {
        if (!(error instanceof HandshakeFailed)) throw error
        this.channel.transcript.note(`No TLS: ${error.message}`)
        facts = { ...facts, handshake: 'failed' }
      }
    }
  }

  async #logIn(): Promise<Opening['end']> {
    const { login, timeouts } = this.#options
    if (login === null) return 'ready'
    this.#stage = 'auth'
    if (!mayAuthenticate(this.tls.level, login.allowUnverified)) return this.#break(failures.loginInClear)
    const auth = await logIn(this.channel, this.offers, login, timeouts.hello)
    this.facts = { ...this.facts, auth }
    return isGood(auth) ? 'ready' : 'failed'
  }

  async #say(command: string): Promise<Reply> {
    this.channel.send([command])
    return this.channel.reply(this.#options.timeouts.hello)
  }

  #break(failure: LocalFailure): 'failed' {
    this.facts = { ...this.facts, broken: { stage: this.#stage, failure } }
    return 'failed'
  }
}
