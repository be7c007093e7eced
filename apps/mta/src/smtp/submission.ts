import { type Part, readStart, slice } from '@mairust/intake'
import { type Address, addressKey } from '@mairust/mail-core/address'
import {
  claimsOurResults,
  type RawField,
  rawValue,
  readAddresses,
  readMailboxes,
  splitHeaders,
  unfold,
} from '@mairust/mail-core/header'
import { formatMailDate } from '@mairust/mail-core/message'
import { type DataFacts, replies } from '@mairust/mail-core/smtp'
import type { LoginUser } from './client.ts'
import type { SmtpContext } from './context.ts'
import type { Refusal } from './refusal.ts'

const LIMITS = { headerBytes: 256 * 1024, headerFields: 1000 }
/** Never kept: Bcc tells recipients of each other; Return-Path is ours to write. */
const DROPPED = new Set(['bcc', 'resent-bcc', 'return-path'])
const ONCE = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id']
/** Who says that they wrote or sent it. */
const AUTHORS = new Set(['from', 'sender', 'resent-from', 'resent-sender'])
const RESENT_TO = new Set(['resent-to', 'resent-cc'])
/** More is no mail that people write, and each is looked up. */
const MAX_AUTHORS = 50
const CRLF = Buffer.from('\r\n')

/** The message to keep, or why it is refused. */
export type Prepared = { readonly parts: readonly Part[] } | Refusal

/**
 * Makes a user's message fit to go on (RFC 6409 §8): its header is read strictly, so that nobody reads another author out of
 * it; the authors must be the user; Date and Message-ID are added when they are missing; Bcc, and results of checks in our
 * name, are taken out. Everything else keeps its bytes.
 */
export async function prepareSubmission(
  context: SmtpContext,
  user: LoginUser,
  { body, facts }: { body: Part; facts: DataFacts },
): Promise<Prepared> {
  const size = facts.headerSize ?? facts.size
  if (size > LIMITS.headerBytes) return { reply: replies.badHeader, reason: 'header_too_large' }
  const block = await readStart(body, size)
  const { fields, malformed, overLimit } = splitHeaders(block, 0, block.length, LIMITS, 'strict')
  if (malformed) return { reply: replies.malformedHeader, reason: 'header_syntax' }
  if (overLimit !== null) return { reply: replies.badHeader, reason: 'header_too_large' }
  const count = (name: string): number => fields.filter((field) => keyOf(field) === name).length
  if (count('from') === 0) return { reply: replies.multipleFrom, reason: 'from_count' }
  const repeated = ONCE.find((name) => count(name) > 1)
  if (repeated !== undefined) return { reply: replies.badHeader, reason: `repeated_${repeated}` }
  const refusal = await checkAuthors(context, user, fields)
  if (refusal !== null) return refusal

  const { hostname } = context.settings()
  const added: string[] = []
  if (count('date') === 0) added.push(`Date: ${formatMailDate(new Date(context.now()))}\r\n`)
  if (count('message-id') === 0) added.push(`Message-ID: <${context.newId('msg')}@${hostname}>\r\n`)
  const kept = fields.filter((field) => !DROPPED.has(keyOf(field)) && !isForged(field, hostname))
  const rest = slice(body, size, Buffer.isBuffer(body) ? body.length : body.size)
  return { parts: [Buffer.from(added.join('')), ...kept.flatMap(({ raw }) => [raw, CRLF]), CRLF, rest] }
}

/** Whether the user may say that these wrote and sent it. */
async function checkAuthors(
  context: SmtpContext,
  user: LoginUser,
  fields: readonly RawField[],
): Promise<Refusal | null> {
  const authors = new Set<string>()
  for (const field of fields) {
    const name = keyOf(field)
    if (!AUTHORS.has(name) && !RESENT_TO.has(name)) continue
    const found = readField(field, AUTHORS.has(name) ? readMailboxes : readAddresses)
    if (found === null) return { reply: replies.malformedAddress, reason: `${name}_syntax` }
    if (AUTHORS.has(name)) for (const address of found) authors.add(addressKey(address))
  }
  if (authors.size > MAX_AUTHORS) return { reply: replies.malformedAddress, reason: 'too_many_authors' }
  for (const author of authors) {
    if (!(await context.owns(user.id, user.tenantId, author))) {
      return { reply: replies.fromNotOwned, reason: 'from_not_owned' }
    }
  }
  return null
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
  return keyOf(field) === 'authentication-results' && claimsOurResults(value(), hostname)
}

function keyOf({ name }: RawField): string {
  return name.toLowerCase()
}
