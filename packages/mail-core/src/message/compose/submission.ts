import { type Address, type AddressKey, addressKey, normaliseAddress } from '../../address/index.ts'
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
import { parseAddressList } from '../addresses.ts'
import { formatMailDate } from '../date.ts'
import { readingsOf } from '../readings.ts'

/** Most bytes read of a submitted header. */
export const MAX_SUBMITTED_HEADER = 256 * 1024
const LIMITS = { headerBytes: MAX_SUBMITTED_HEADER, headerFields: 1000 }
/** Always removed: Bcc reveals recipients to each other; Return-Path is ours to write. */
const BLIND = new Set(['bcc', 'resent-bcc'])
const DROPPED = new Set([...BLIND, 'return-path'])
const ONCE = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id']
/** Originator fields. */
const AUTHORS = new Set(['from', 'sender', 'resent-from', 'resent-sender'])
const RESENT_TO = new Set(['resent-to', 'resent-cc'])
/** No one writes mail with more, and each costs a lookup. */
const MAX_AUTHORS = 50
const CRLF = Buffer.from('\r\n')

export interface SubmissionTools {
  /** Our host name; no one else may add authentication results in its name. */
  readonly hostname: string
  readonly now: Date
  /** Creates the Message-ID of a message without one, without angle brackets. */
  readonly newMessageId: () => string
}

/** An acceptable header with its final empty line and everyone it names as author or sender, the author first, or a refusal. */
export type SubmittedHeader =
  | {
      readonly kind: 'accept'
      readonly header: readonly Buffer[]
      /** The Bcc fields that were removed, each with its CRLF: the sender's own copy may have them. */
      readonly blind: readonly Buffer[]
      readonly authors: readonly [Address, ...Address[]]
    }
  | { readonly kind: 'refuse'; readonly reply: SmtpReply; readonly reason: string }

/**
 * Prepares a submitted header (its bytes up to the empty line, at most `MAX_SUBMITTED_HEADER`) for relay (RFC 6409 §8). It is
 * parsed strictly, so that no other program can read different authors from it; a missing Date or Message-ID is added; Bcc, and
 * authentication results in our name, are removed. Everything else stays byte for byte. The caller checks whether the user may name
 * these authors.
 */
export function composeSubmission(block: Buffer, tools: SubmissionTools): SubmittedHeader {
  const { fields, malformed, overLimit } = splitHeaders(block, 0, block.length, LIMITS, 'strict')
  if (malformed) return refuse(replies.malformedHeader, 'header_syntax')
  if (overLimit !== null) return refuse(replies.badHeader, 'header_too_large')
  const count = (name: string): number => fields.filter((field) => nameOf(field) === name).length
  if (count('from') === 0) return refuse(replies.multipleFrom, 'from_count')
  const repeated = ONCE.find((name) => count(name) > 1)
  if (repeated !== undefined) return refuse(replies.badHeader, `repeated_${repeated}`)
  const named = authorsOf(fields)
  if ('reason' in named) return named
  const [first, ...others] = named.values()
  if (first === undefined) return refuse(replies.multipleFrom, 'from_count')

  const added: string[] = []
  if (count('date') === 0) added.push(`Date: ${formatMailDate(tools.now)}\r\n`)
  if (count('message-id') === 0) added.push(`Message-ID: <${tools.newMessageId()}>\r\n`)
  const kept = fields.filter((field) => !DROPPED.has(nameOf(field)) && !isForged(field, tools.hostname))
  return {
    kind: 'accept',
    header: [Buffer.from(added.join('')), ...kept.flatMap(({ raw }) => [raw, CRLF]), CRLF],
    blind: fields.filter((field) => BLIND.has(nameOf(field))).flatMap(({ raw }) => [raw, CRLF]),
    authors: [first, ...others],
  }
}

function authorsOf(fields: readonly RawField[]): ReadonlyMap<AddressKey, Address> | ReturnType<typeof refuse> {
  const authors = new Map<AddressKey, Address>()
  for (const field of fields) {
    const name = nameOf(field)
    if (!AUTHORS.has(name) && !RESENT_TO.has(name)) continue
    const found = readField(field, AUTHORS.has(name) ? readMailboxes : readAddresses)
    if (found === null) return refuse(replies.malformedAddress, `${name}_syntax`)
    if (!AUTHORS.has(name)) continue
    if (!isReadAlike(field, found)) return refuse(replies.malformedAddress, `${name}_syntax`)
    for (const address of found) authors.set(addressKey(address), address)
  }
  return authors.size > MAX_AUTHORS ? refuse(replies.malformedAddress, 'too_many_authors') : authors
}

/** Text that is not UTF-8 is ambiguous. */
function readField(field: RawField, read: (value: string) => Address[] | null): Address[] | null {
  try {
    return read(unfold(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawValue(field))))
  } catch {
    return null
  }
}

/** Whether whoever reads mail tolerantly, as our own pages do, finds the same authors: of odd quotes, programs make different ones. */
function isReadAlike(field: RawField, found: readonly Address[]): boolean {
  return readingsOf(rawValue(field)).every((text) => {
    const shown = parseAddressList(unfold(text)).map(({ address }) => normaliseAddress(address))
    return shown.length === found.length && found.every((address, at) => addressKey(address) === shown[at])
  })
}

/** Authentication results in our name (RFC 8601 §5), which only we may write. */
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
