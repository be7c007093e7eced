/** Which fields of a message say who writes to whom about what, by the name under which callers give them. */
export const FIELD_NAMES = {
  from: 'from',
  to: 'to',
  cc: 'cc',
  bcc: 'bcc',
  replyTo: 'reply-to',
  subject: 'subject',
  inReplyTo: 'in-reply-to',
  references: 'references',
} as const

/** Fields of the transport, which no longer hold once the message is changed. */
const TRACE = /^(?:received|return-path|delivered-to|date|dkim-signature|authentication-results|arc-.*)$/
const STRUCTURE = /^(?:mime-version|content-.*)$/
const OTHERS = /^(?:message-id|sender|resent-.*)$/
const ADDRESSED = new Set<string>(Object.values(FIELD_NAMES))
/** RFC 5322 §2.2: printable ASCII without the colon. */
const NAME = /^(?!.*:)[\x21-\x7e]{1,76}$/

/** Whether a field describes the structure of the body. */
export const isStructureField = (name: string): boolean => STRUCTURE.test(name.toLowerCase())

/** Whether a field says how a message travelled, and when it was written. */
export const isTraceField = (name: string): boolean => TRACE.test(name.toLowerCase())

/** Whether a field is none of those that have a place of their own: a caller may set it. */
export function isExtraField(name: string): boolean {
  const lower = name.toLowerCase()
  return !ADDRESSED.has(lower) && ![TRACE, STRUCTURE, OTHERS].some((reserved) => reserved.test(lower))
}

/** Whether a text can name a header field. */
export const isFieldName = (name: string): boolean => NAME.test(name)
