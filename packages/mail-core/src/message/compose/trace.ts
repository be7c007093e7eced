import { formatMailDate } from '../date.ts'

/** The facts of one SMTP transaction that its trace headers tell (RFC 5321 §4.4). */
export type TraceInput = {
  /** What the client said in HELO or EHLO; '' when it said nothing. */
  helo: string
  /** Verified name of the client's address, or null. */
  rdns: string | null
  /** Client address, IPv4 or IPv6 (without brackets). */
  ip: string
  /** Our host name. */
  by: string
  esmtp: boolean
  tls: boolean
  authenticated: boolean
  smtputf8: boolean
  /** Journey id. */
  id: string
  /** Envelope recipients; only a single one is named, so that Bcc stays secret. */
  recipients: readonly string[]
  date: Date
}

/** RFC 5322 §2.1.1: lines should be at most 78 characters. */
const MAX_LINE = 78

/**
 * Our Received header (RFC 5321 §4.4) with its final CRLF, folded at 78 characters. Whatever the client said is reduced
 * to characters that can neither end the line nor pass for another clause. With SMTPUTF8 it may hold UTF-8 addresses.
 */
export function buildReceived(input: TraceInput): string {
  const client = [...(input.rdns === null ? [] : [safeName(input.rdns)]), addressLiteral(input.ip)].join(' ')
  const [recipient, ...others] = input.recipients
  const forClause = recipient !== undefined && others.length === 0 && isSafePath(recipient) ? `for <${recipient}>` : ''
  return foldField('Received:', [
    `from ${safeName(input.helo)}`,
    `(${client})`,
    `by ${safeName(input.by)}`,
    `with ${protocolOf(input)}`,
    `id ${safeName(input.id)}${forClause === '' ? ';' : ''}`,
    ...(forClause === '' ? [] : [`${forClause};`]),
    formatMailDate(input.date),
  ])
}

/**
 * The headers that final delivery puts on top of a message: Return-Path (RFC 5321 §4.4; '' is the null path),
 * Delivered-To, and Received. All recipients that are named share the object, so Delivered-To is only written for a
 * single one; a message for several must not tell any of them about the others.
 */
export function buildTraceHeaders(input: TraceInput & { reversePath: string }): string {
  const [recipient, ...others] = input.recipients
  const deliveredTo =
    recipient !== undefined && others.length === 0 && isSafePath(recipient) ? `Delivered-To: ${recipient}\r\n` : ''
  const returnPath = isSafePath(input.reversePath) ? input.reversePath : ''
  return `Return-Path: <${returnPath}>\r\n${deliveredTo}${buildReceived(input)}`
}

/** RFC 3848, and RFC 6531 §4.3 for the UTF-8 forms. */
function protocolOf({ esmtp, tls, authenticated, smtputf8 }: TraceInput): string {
  if (!esmtp) return 'SMTP'
  return `${smtputf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`
}

/** A host name or id as one word of a header: anything but letters, digits and harmless signs becomes `?`. */
function safeName(name: string): string {
  const safe = name.slice(0, 255).replaceAll(/[^\w.:[\]+/=@~-]/g, '?')
  return safe === '' ? 'unknown' : safe
}

function addressLiteral(ip: string): string {
  const safe = ip.replaceAll(/[^\da-f:.]/gi, '').slice(0, 45)
  return safe.includes(':') ? `[IPv6:${safe}]` : `[${safe === '' ? 'unknown' : safe}]`
}

/** An address that can stand between angle brackets without ending them, the line, or the header block. */
function isSafePath(address: string): boolean {
  // A quoted local part may hold blanks (RFC 5321 §4.1.2).
  const shown = address.startsWith('"') ? address.replaceAll(' ', '') : address
  return address.length <= 320 && address.isWellFormed() && !/[\s<>\p{Cc}\p{Cf}]/u.test(shown)
}

/** Puts words of a field on lines of at most 78 characters; a longer word gets a line of its own. */
function foldField(name: string, words: string[]): string {
  const lines = [name]
  for (const word of words.flatMap((clause) => (clause.length < MAX_LINE ? [clause] : clause.split(' ')))) {
    const line = lines.at(-1) ?? ''
    if (line.length + 1 + word.length <= MAX_LINE) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(` ${word}`)
  }
  return `${lines.join('\r\n')}\r\n`
}
