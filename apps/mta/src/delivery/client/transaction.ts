import {
  afterRecipients,
  failures,
  type Fit,
  type RecipientFacts,
  type SessionBreak,
  type SessionFacts,
  type SessionStage,
} from '@mairust/mail-core/outbound'
import type { SmtpReply } from '@mairust/mail-core/smtp'
import type { MessageContent } from '../content.ts'
import type { OutgoingMessage, OutgoingRecipient } from '../message.ts'
import type { Timeouts } from '../timeouts.ts'
import { Broken, type Channel } from './channel.ts'
import { mailCommand, rcptCommand } from './commands.ts'
import { sendContent } from './send-content.ts'
import type { ServerOffers } from './offers.ts'

/** One message to one server. */
export interface TransactionOptions {
  readonly channel: Channel
  readonly offers: ServerOffers
  /** Whether commands may be sent in one go: offered, and believed. */
  readonly pipelining: boolean
  /** Whether a transaction that came to nothing is to be forgotten first. */
  readonly reset: boolean
  readonly message: OutgoingMessage
  readonly content: MessageContent
  readonly fit: Fit
  readonly recipients: readonly OutgoingRecipient[]
  readonly timeouts: Timeouts
}

/** What was said about one message. */
export type TransactionFacts = Pick<SessionFacts, 'mail' | 'recipients' | 'data' | 'end' | 'broken'>

/** Sends a message and gives what the server said; the session ends when anything is out of step. Never rejects. */
export async function runTransaction(options: TransactionOptions): Promise<TransactionFacts> {
  const transaction = new Transaction(options)
  const broken = await transaction.run()
  return { ...transaction.facts(), broken }
}

const isGood = (reply: SmtpReply | null) => reply !== null && reply.code >= 200 && reply.code < 300
const isGoAhead = (reply: SmtpReply | null) => reply !== null && reply.code >= 300 && reply.code < 400

class Transaction {
  readonly #options: TransactionOptions
  #stage: SessionStage = 'mail'
  #mail: SmtpReply | null = null
  #rcpt: (SmtpReply | null)[]
  #data: SmtpReply | null = null
  #end: SmtpReply | null = null

  constructor(options: TransactionOptions) {
    this.#options = options
    this.#rcpt = options.recipients.map(() => null)
  }

  facts(): Omit<TransactionFacts, 'broken'> {
    const recipients: RecipientFacts[] = this.#options.recipients.map(({ id, rescues }, index) => ({
      id,
      rescues,
      reply: this.#rcpt[index] ?? null,
    }))
    return { mail: this.#mail, recipients, data: this.#data, end: this.#end }
  }

  async run(): Promise<SessionBreak | null> {
    const { channel, timeouts, recipients } = this.#options
    try {
      channel.within(timeouts.envelope + recipients.length * timeouts.eachRecipient)
      await (this.#options.pipelining ? this.#askAtOnce() : this.#askInTurn())
      await this.#finish()
      return null
    } catch (error) {
      const failure = error instanceof Broken ? error.failure : failures.unreadable
      if (!(error instanceof Broken)) channel.fail(failure, error)
      return { stage: this.#stage, failure }
    }
  }

  /** RFC 2920 §3.1: one write, and the replies in the order of the commands (O14). */
  async #askAtOnce(): Promise<void> {
    const { channel, reset, timeouts } = this.#options
    channel.send([...(reset ? ['RSET'] : []), this.#mailLine(), ...this.#rcptLines(), 'DATA'])
    if (reset) await this.#resetReply()
    this.#mail = (await channel.reply(timeouts.mail)).reply
    this.#stage = 'rcpt'
    for (const index of this.#rcpt.keys()) this.#rcpt[index] = (await channel.reply(timeouts.rcpt)).reply
    this.#stage = 'data'
    this.#data = (await channel.reply(timeouts.data)).reply
  }

  async #askInTurn(): Promise<void> {
    const { channel, reset, timeouts } = this.#options
    if (reset) {
      channel.send(['RSET'])
      await this.#resetReply()
    }
    this.#mail = await this.#ask(this.#mailLine(), timeouts.mail)
    if (!isGood(this.#mail)) return
    this.#stage = 'rcpt'
    for (const [index, line] of this.#rcptLines().entries()) {
      const reply = await this.#ask(line, timeouts.rcpt)
      this.#rcpt[index] = reply
      // RFC 5321 §3.8: the server closes now.
      if (reply.code === 421) throw channel.fail(failures.connectionLost)
    }
    if (afterRecipients(this.#rcpt, null) !== 'send') return
    this.#stage = 'data'
    this.#data = await this.#ask('DATA', timeouts.data)
  }

  /** A session that cannot forget the message before is of no use to this one. */
  async #resetReply(): Promise<void> {
    const { channel, timeouts } = this.#options
    const { reply } = await channel.reply(timeouts.mail)
    if (!isGood(reply)) throw channel.fail(failures.connectionLost)
  }

  async #finish(): Promise<void> {
    const { channel, content, timeouts } = this.#options
    if (!isGoAhead(this.#data)) return
    // RFC 2920 §3.1: DATA went with the others, and nobody may get the message. After a refused MAIL a dot might still send it.
    if (!isGood(this.#mail)) throw channel.fail(failures.garbled)
    if (afterRecipients(this.#rcpt, this.#data) !== 'send') {
      channel.send(['.'])
      await channel.reply(timeouts.end)
      // That has ended, and nobody got anything.
      this.#data = null
      return
    }
    this.#stage = 'body'
    channel.within(timeouts.block + (content.size / timeouts.bytesPerSecond) * 1000)
    const early = await sendContent(channel, content, timeouts.block, () => {
      this.#stage = 'end'
      channel.within(Infinity)
    })
    const { reply } = await channel.reply(timeouts.end)
    // Only a refusal may come before the final dot: anything else answers something that was never said.
    if (early && isGood(reply)) throw channel.fail(failures.garbled)
    this.#end = reply
    if (early) channel.fail(failures.connectionLost)
  }

  async #ask(line: string, ms: number): Promise<SmtpReply> {
    const { channel } = this.#options
    if (channel.hasUnread) throw channel.fail(failures.garbled)
    channel.send([line])
    return (await channel.reply(ms)).reply
  }

  #mailLine(): string {
    const { message, content, fit, offers } = this.#options
    const { sender, ret, envid } = message
    const { size, eightBit } = content
    return mailCommand({ sender, size, eightBit, smtpUtf8: fit.smtpUtf8, ret, envid }, offers)
  }

  #rcptLines(): readonly string[] {
    return this.#options.recipients.map((recipient) => rcptCommand(recipient, this.#options.offers))
  }
}
