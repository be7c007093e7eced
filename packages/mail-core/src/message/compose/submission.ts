import { type Address, type AddressKey, addressKey } from '../../address/index.ts'
import {
  claimsOurResults,
  type RawField,
  rawValue,
  readAddresses,
  readMailboxes,
  splitHeaders,
  unfold,
} from '../../header/index.ts'
import { replies, type SmtpReply } from '../../smtp/index.ts'
import { formatMailDate } from '../date.ts'

/** Bytes of a submitted header that are read. */
export const MAX_SUBMITTED_HEADER = 256 * 1024
const LIMITS = { headerBytes: MAX_SUBMITTED_HEADER, headerFields: 1000 }
/** Never kept: Bcc tells recipients of each other; Return-Path is ours to write. */
const DROPPED = new Set(['bcc', 'resent-bcc', 'return-path'])
const ONCE = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id']
/** Who says that they wrote or sent it. */
const AUTHORS = new Set(['from', 'sender', 'resent-from', 'resent-sender'])
const RESENT_TO = new Set(['resent-to', 'resent-cc'])
/** More is no mail that people write, and each is looked up. */
const MAX_AUTHORS = 50
const CRLF = Buffer.from('\r\n')

export interface SubmissionTools {
  /** Our host name, in whose name nobody else tells results of checks. */
  readonly hostname: string
  readonly now: Date
  /** The Message-ID of a message without one, without angle brackets. */
  readonly newMessageId: () => string
}

/** A header that may go on, with its final empty line, and everybody it names as having written or sent the message; or a refusal. */
export type SubmittedHeader =
  | { readonly kind: 'accept'; readonly header: readonly Buffer[]; readonly authors: readonly Address[] }
  | { readonly kind: 'refuse'; readonly reply: SmtpReply; readonly reason: string }

/**
 * Makes a submitted header (its bytes up to the empty line, at most `MAX_SUBMITTED_HEADER`) fit to go on (RFC 6409 §8): it is read
 * strictly, so that nobody reads another author out of it; Date and Message-ID are added when they are missing; Bcc, and results
 * of checks in our name, are taken out. Everything else keeps its bytes. Whether the authors may be named is the caller's to check.
 */
export function composeSubmission(block: Buffer, tools: SubmissionTools): SubmittedHeader {
  const { fields, malformed, overLimit } = splitHeaders(block, 0, block.length, LIMITS, 'strict')
  if (malformed) return refuse(replies.malformedHeader, 'header_syntax')
  if (overLimit !== null) return refuse(replies.badHeader, 'header_too_large')
  const count = (name: string): number => fields.filter((field) => nameOf(field) === name).length
  if (count('from') === 0) return refuse(replies.multipleFrom, 'from_count')
  const repeated = ONCE.find((name) => count(name) > 1)
  if (repeated !== undefined) return refuse(replies.badHeader, `repeated_${repeated}`)
  const authors = authorsOf(fields)
  if ('reason' in authors) return authors

  const added: string[] = []
  if (count('date') === 0) added.push(`Date: ${formatMailDate(tools.now)}\r\n`)
  if (count('message-id') === 0) added.push(`Message-ID: <${tools.newMessageId()}>\r\n`)
  const kept = fields.filter((field) => !DROPPED.has(nameOf(field)) && !isForged(field, tools.hostname))
  return {
    kind: 'accept',
    header: [Buffer.from(added.join('')), ...kept.flatMap(({ raw }) => [raw, CRLF]), CRLF],
    authors: [...authors.values()],
  }
}

function authorsOf(fields: readonly RawField[]): ReadonlyMap<AddressKey, Address> | ReturnType<typeof refuse> {
  const authors = new Map<AddressKey, Address>()
  for (const field of fields) {
    const name = nameOf(field)
    if (!AUTHORS.has(name) && !RESENT_TO.has(name)) continue
    const found = readField(field, AUTHORS.has(name) ? readMailboxes : readAddresses)
    if (found === null) return refuse(replies.malformedAddress, `${name}_syntax`)
    if (AUTHORS.has(name)) for (const address of found) authors.set(addressKey(address), address)
  }
  return authors.size > MAX_AUTHORS ? refuse(replies.malformedAddress, 'too_many_authors') : authors
}

/** What is no UTF-8 has no one reading. */
function readField(field: RawField, read: (value: string) => Address[] | null): Address[] | null {
  try {
    return read(unfold(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawValue(field))))
  } catch {
    return null
  }
}

/** Results of checks in our name (RFC 8601 §5): only what we check says so. */
function isForged(field: RawField, hostname: string): boolean {
  const value = (): string => unfold(rawValue(field).toString('latin1'))
  return nameOf(field) === 'authentication-results' && claimsOurResults(value(), hostname)
}

function refuse(reply: SmtpReply, reason: string) {
  return { kind: 'refuse', reply, reason } as const
}

function nameOf({ name }: RawField): string {
  return name.toLowerCase()
}
