import type { ReachedLimit } from '@mairust/db/queries/accept'
import { limitText } from '@mairust/intake/transaction'
import { replies, type SmtpReply, smtpReply } from '@mairust/mail-core/smtp'

/** Why a transaction was refused: the reply, and the reason that its journey records. */
export interface Refusal {
  readonly reply: SmtpReply
  readonly reason: string
}

export const noSpace: Refusal = { reply: replies.noSpace, reason: 'no_space' }

/** Whoever knew the old password does not go on with the session that it opened. */
export const loginEnded: Refusal = { reply: replies.loginEnded, reason: 'login_ended' }

/** The refusal of a message that exceeds a limit. */
export function overLimit(reached: ReachedLimit): Refusal {
  const { code, enhanced } = replies.sendingLimit
  return { reply: smtpReply(code, enhanced, limitText(reached)), reason: 'sending_limit' }
}

/** A failure on our side: the sender retries. */
export const internalError: Refusal = { reply: replies.unexpected, reason: 'internal_error' }
