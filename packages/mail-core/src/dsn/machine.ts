import { formatPath } from '../address/index.ts'
import { formatMailDate } from '../message/date.ts'
import { escapeRemote } from '../smtp/text.ts'
import { formatReply } from '../smtp/reply.ts'
import { foldWords } from './encode.ts'
import type { DsnAction, DsnRecipient, DsnReport } from './types.ts'
import { decodeUtf8Address, encodeUtf8Address } from './xtext.ts'

const MAX_WORDS = 1000
const MAX_LINE = 75
/** First digits that a status may have, the usual one first. */
const CLASSES: Readonly<Record<DsnAction, string>> = {
  failed: '54', // an expired message may keep its temporary one (RFC 3464 §2.3.4)
  delayed: '4',
  relayed: '2',
  delivered: '2',
  expanded: '2',
}

/** The machine-readable part (RFC 3464 §2): a group of fields for the message, one for each recipient. */
export function machineFields(report: DsnReport, utf8: boolean): string {
  const groups = [messageGroup(report, utf8), ...report.recipients.map((each) => recipientGroup(each, report, utf8))]
  return groups
    .map((fields) => fields.map(([name, value]) => `${foldWords(`${name}: ${value}`, MAX_LINE).join('\r\n ')}\r\n`))
    .map((lines) => lines.join(''))
    .join('\r\n')
}

/** The address that the sender wrote, or null when ORCPT does not say. */
export function originalAddress({ orcpt }: Pick<DsnRecipient, 'orcpt'>): string | null {
  if (orcpt === null) return null
  return isUtf8Type(orcpt.type) ? decodeUtf8Address(orcpt.address) : orcpt.address
}

type Field = readonly [name: string, value: string]

function messageGroup({ envid, hostname, arrivedAt }: DsnReport, utf8: boolean): Field[] {
  return [
    ...(envid === null ? [] : [['Original-Envelope-Id', plain(envid, utf8)] as const]), // RFC 3464 §2.2.1, without xtext
    ['Reporting-MTA', `dns; ${plain(hostname, utf8)}`],
    ['Arrival-Date', formatMailDate(arrivedAt)],
  ]
}

function recipientGroup(recipient: DsnRecipient, { hostname }: DsnReport, utf8: boolean): Field[] {
  const { path, orcpt, action, said, lastAttemptAt, willRetryUntil } = recipient
  const final = path === 'postmaster' ? `postmaster@${hostname}` : formatPath(path)
  const original = originalAddress(recipient)
  return [
    ...(orcpt === null || original === null
      ? []
      : [['Original-Recipient', typedAddress(isUtf8Type(orcpt.type) ? null : orcpt.type, original, utf8)] as const]),
    ['Final-Recipient', typedAddress(null, final, utf8)],
    ['Action', action],
    ['Status', statusOf(recipient)],
    ...(said === null ? [] : [['Remote-MTA', `dns; ${plain(said.host, utf8)}`] as const]),
    ['Diagnostic-Code', plain(diagnostic(recipient), utf8)],
    ...(lastAttemptAt === null ? [] : [['Last-Attempt-Date', formatMailDate(lastAttemptAt)] as const]),
    // RFC 3464 §2.3.9: only while we still try.
    ...(action !== 'delayed' || willRetryUntil === null
      ? []
      : [['Will-Retry-Until', formatMailDate(willRetryUntil)] as const]),
  ]
}

/** RFC 3464 §2.3.4: the code of what decided, if it fits the action. */
function statusOf({ action, reply, said }: DsnRecipient): string {
  const allowed = CLASSES[action]
  const fits = [reply.enhanced, said?.reply.enhanced ?? null].find((code) => allowed.includes(code?.charAt(0) ?? ' '))
  return fits ?? `${allowed.charAt(0)}.0.0`
}

/** RFC 3464 §2.3.6: `smtp` is what a remote said; our own words have a type of their own. */
function diagnostic({ said, reply }: DsnRecipient): string {
  return said === null ? `x-mairust; ${reply.text}` : `smtp; ${formatReply(said.reply)}`
}

/** RFC 3464 §2.3.1, RFC 6533 §3. An address that is not ASCII has the type `utf-8`, whatever it was given as. */
function typedAddress(type: string | null, address: string, utf8: boolean): string {
  if (!/^[\x21-\x7e ]*$/.test(address)) {
    return `utf-8; ${utf8 ? escapeRemote(address, MAX_WORDS) : encodeUtf8Address(address).slice(0, MAX_WORDS)}`
  }
  return `${type ?? 'rfc822'}; ${address.slice(0, MAX_WORDS)}`
}

const isUtf8Type = (type: string): boolean => type.toLowerCase() === 'utf-8'

/** A remote's text cannot begin a field, and is ASCII where the part must be. */
function plain(text: string, utf8: boolean): string {
  const safe = escapeRemote(text, MAX_WORDS)
  if (utf8) return safe
  return safe.replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}
