import { replies, type SmtpReply } from '@mairust/mail-core/smtp'

/** Why a transaction was not taken: what the client is told, and the name by which its journey is found. */
export interface Refusal {
  readonly reply: SmtpReply
  readonly reason: string
}

export const noSpace: Refusal = { reply: replies.noSpace, reason: 'no_space' }

/** Trouble that is ours: the sender tries again. */
export const internalError: Refusal = { reply: replies.unexpected, reason: 'internal_error' }
