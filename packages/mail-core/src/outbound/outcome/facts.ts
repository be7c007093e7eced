import type { ReplyStage } from '../../bounce/rules/rule.ts'
import type { SmtpReply } from '../../smtp/reply.ts'
import type { LocalFailure } from '../failure.ts'
import type { Family } from '../mx/families.ts'
import type { ProviderId } from '../providers.ts'

/** How far a session came before it broke. `body`: while the message was sent; `end`: after its final dot. */
export type SessionStage = 'connect' | ReplyStage | 'body'

/** A session that ended without a reply to its last command. */
export interface SessionBreak {
  readonly stage: SessionStage
  /** Which of `failures` it is: no answer, connection lost, no TLS … */
  readonly failure: LocalFailure
}

/** One recipient of a transaction. */
export interface RecipientFacts {
  readonly id: string
  /** The reply to RCPT; null when it was not asked, or there was none. */
  readonly reply: SmtpReply | null
  /** How often a refusal for good, which is not about the recipient, has been tried again already (O41). */
  readonly rescues: number
}

/**
 * What happened in one session, as far as one message is concerned. A reply is null when there was none: the step was not reached, or
 * not needed. After HELO in EHLO's place, `hello` is the reply to HELO (O10).
 */
export interface SessionFacts {
  readonly provider: ProviderId | null
  readonly family: Family
  readonly banner: SmtpReply | null
  readonly hello: SmtpReply | null
  readonly tls: SmtpReply | null
  readonly auth: SmtpReply | null
  readonly mail: SmtpReply | null
  readonly recipients: readonly RecipientFacts[]
  readonly data: SmtpReply | null
  /** The reply after the final dot, kept even if the connection broke a byte later (O12). */
  readonly end: SmtpReply | null
  readonly broken: SessionBreak | null
}
