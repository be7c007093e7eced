import { asciiLine } from './text.ts'

/** An SMTP reply. `enhanced` is the RFC 3463 code, or null for replies without one (354, EHLO). */
export interface SmtpReply {
  readonly code: number
  readonly enhanced: string | null
  readonly text: string
}

/** RFC 5321 §4.5.3.1.5 allows 512 octets with code and CRLF; this stays well below. */
const MAX_TEXT = 400

/** Creates a reply; the text becomes one line of printable ASCII. */
export function smtpReply(code: number, enhanced: string | null, text: string): SmtpReply {
  return { code, enhanced, text: asciiLine(text, MAX_TEXT) }
}

/**
 * Adds the journey's id to the text, so that a sender's postmaster can quote it:
 * `Accepted jrn_…` after success, `… (jrn_…)` after refusal.
 */
export function withJourney(reply: SmtpReply, journeyId: string): SmtpReply {
  const text = reply.code < 400 ? `${reply.text} ${journeyId}` : `${reply.text} (${journeyId})`
  return { ...reply, text }
}

/** The reply as one line without CRLF, as in `550 5.1.1 No such mailbox`. */
export function formatReply(reply: SmtpReply): string {
  return `${reply.code} ${replyText(reply)}`
}

/** The reply without its code, for a library that writes the code itself. */
export function replyText(reply: SmtpReply): string {
  return reply.enhanced === null ? reply.text : `${reply.enhanced} ${reply.text}`
}

/** Whether it is 4yz: the sender may retry (RFC 5321 §4.2.1). */
export function isTransient(reply: SmtpReply): boolean {
  return reply.code >= 400 && reply.code < 500
}

/** The status of a transaction that ended with this reply. */
export function statusOf(reply: SmtpReply): 'accepted' | 'deferred' | 'refused' {
  if (reply.code < 400) return 'accepted'
  return isTransient(reply) ? 'deferred' : 'refused'
}
