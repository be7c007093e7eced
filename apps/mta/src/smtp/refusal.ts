import { replies, type SmtpReply } from '@mairust/mail-core/smtp'

/** Why a transaction was refused: the reply, and the reason that its journey records. */
export interface Refusal {
  readonly reply: SmtpReply
  readonly reason: string
}

export const noSpace: Refusal = { reply: replies.noSpace, reason: 'no_space' }

/** Whoever knew the old password does not go on with the session that it opened. */
export const loginEnded: Refusal = { reply: replies.loginEnded, reason: 'login_ended' }

/** A failure on our side: the sender retries. */
export const internalError: Refusal = { reply: replies.unexpected, reason: 'internal_error' }
