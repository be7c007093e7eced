import { formatMailDate } from '../date.ts'

/** The SMTP client that a message came from. */
export type TraceClient = {
  /** Its HELO or EHLO name; '' when it sent none. */
  helo: string
  /** Verified host name of the client's address, or null. */
  rdns: string | null
  /** Client address, IPv4 or IPv6 (without brackets). */
  ip: string
  esmtp: boolean
  tls: boolean
  authenticated: boolean
}

/** The facts of a transaction that its trace fields record (RFC 5321 §4.4). */
export type TraceInput = {
  /** null: it came over our API. */
  client: TraceClient | null
  /** Our host name. */
  by: string
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
 * Our Received field (RFC 5321 §4.4) with its final CRLF, folded at 78 characters. Whatever the client sent is reduced to
 * characters that cannot end the line or forge another clause. With SMTPUTF8 it may contain UTF-8 addresses.
 */
export function buildReceived(input: TraceInput): string {
  const { client } = input
  const [recipient, ...others] = input.recipients
  const forClause = recipient !== undefined && others.length === 0 && isSafePath(recipient) ? `for <${recipient}>` : ''
  return foldField('Received:', [
    ...(client === null ? [] : fromClause(client)),
    `by ${safeName(input.by)}`,
    `with ${protocolOf(input)}`,
    `id ${safeName(input.id)}${forClause === '' ? ';' : ''}`,
    ...(forClause === '' ? [] : [`${forClause};`]),
    formatMailDate(input.date),
  ])
}

/** Stands for these fields where a message is read before they are known: with fields in front, its first line is read differently. */
export const TRACE_STAND_IN = Buffer.from('Received: by us\r\n')

/**
 * The fields that final delivery prepends to a message: Return-Path (RFC 5321 §4.4; '' is the null reverse-path), Delivered-To,
 * Authentication-Results as `formatResults` writes them, or nothing (above what they are about: RFC 8601 §4), and Received. All named recipients share the object, so Delivered-To is written only for a single one: a message for several must not
 * tell any of them about the others.
 */
export function buildTraceHeaders(input: TraceInput & { reversePath: string; results: string }): string {
  const [recipient, ...others] = input.recipients
  const deliveredTo =
    recipient !== undefined && others.length === 0 && isSafePath(recipient) ? `Delivered-To: ${recipient}\r\n` : ''
  const returnPath = isSafePath(input.reversePath) ? input.reversePath : ''
  return `Return-Path: <${returnPath}>\r\n${deliveredTo}${input.results}${buildReceived(input)}`
}

function fromClause({ helo, rdns, ip }: TraceClient): string[] {
  return [`from ${safeName(helo)}`, `(${[...(rdns === null ? [] : [safeName(rdns)]), addressLiteral(ip)].join(' ')})`]
}

/** RFC 3848, and RFC 6531 §4.3 for the UTF-8 forms. Which address a program or page has is nobody's business. */
function protocolOf({ client, smtputf8 }: TraceInput): string {
  if (client === null) return 'HTTP'
  const { esmtp, tls, authenticated } = client
  if (!esmtp) return 'SMTP'
  return `${smtputf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`
}

/** A host name or id as one word of a field: anything but letters, digits and harmless punctuation becomes `?`. */
function safeName(name: string): string {
  const safe = name.slice(0, 255).replaceAll(/[^\w.:[\]+/=@~-]/g, '?')
  return safe === '' ? 'unknown' : safe
}

function addressLiteral(ip: string): string {
  const safe = ip.replaceAll(/[^\da-f:.]/gi, '').slice(0, 45)
  return safe.includes(':') ? `[IPv6:${safe}]` : `[${safe === '' ? 'unknown' : safe}]`
}

/** Whether the address can be written in angle brackets without ending them, the line, or the header. */
function isSafePath(address: string): boolean {
  // A quoted local part may contain spaces (RFC 5321 §4.1.2).
  const shown = address.startsWith('"') ? address.replaceAll(' ', '') : address
  return address.length <= 320 && address.isWellFormed() && !/[\s<>\p{Cc}\p{Cf}]/u.test(shown)
}

/** Folds a field at 78 characters; a longer word gets its own line. */
function foldField(name: string, words: string[]): string {
  const lines = [name]
  for (const word of words.flatMap((clause) => (clause.length < MAX_LINE ? [clause] : clause.split(' ')))) {
    const line = lines.at(-1) ?? ''
    if (line.length + 1 + word.length <= MAX_LINE) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(` ${word}`)
  }
  return `${lines.join('\r\n')}\r\n`
}
