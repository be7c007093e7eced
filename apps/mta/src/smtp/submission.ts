import { addressKey, parseAddress } from '@mairust/mail-core/address'
import { formatMailDate, parseMessage } from '@mairust/mail-core/message'
import { type DataFacts, replies, type SmtpReply } from '@mairust/mail-core/smtp'
import type { LoginUser } from './client.ts'
import type { SmtpContext } from './context.ts'
import type { Part } from './source.ts'
import { readStart } from './spool.ts'

const MAX_HEADER = 256 * 1024
/** Never kept: Bcc tells recipients of each other; Return-Path is ours to write. */
const DROPPED = new Set(['bcc', 'resent-bcc', 'return-path'])
const ONCE = ['sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id']
const EMPTY_LINE = Buffer.from('\r\n')

/** The message to keep, or why it is refused. */
export type Prepared = { readonly parts: readonly Part[] } | { readonly reply: SmtpReply; readonly reason: string }

/**
 * Makes a user's message fit to go on (RFC 6409 §8): the author must be the user, Date and Message-ID are added when
 * they are missing, Bcc is taken out. Everything else keeps its bytes.
 */
export async function prepareSubmission(
  context: SmtpContext,
  user: LoginUser,
  { body, facts }: { body: Part; facts: DataFacts },
): Promise<Prepared> {
  const size = facts.headerSize ?? facts.size
  if (size > MAX_HEADER) return { reply: replies.badHeader, reason: 'header_too_large' }
  const block = await readStart(body, size)
  const count = (name: string): number => facts.singleFields.get(name) ?? 0
  if (count('from') === 0) return { reply: replies.multipleFrom, reason: 'from_count' }
  const repeated = ONCE.find((name) => count(name) > 1)
  if (repeated !== undefined) return { reply: replies.badHeader, reason: `repeated_${repeated}` }

  const { from } = parseMessage(block).index
  if (from.length === 0) return { reply: replies.multipleFrom, reason: 'from_empty' }
  for (const { address } of from) {
    const parsed = parseAddress(address)
    const owned = parsed.ok && (await context.owns(user.id, user.tenantId, addressKey(parsed.value)))
    if (!owned) return { reply: replies.fromNotOwned, reason: 'from_not_owned' }
  }

  const added: string[] = []
  if (count('date') === 0) added.push(`Date: ${formatMailDate(new Date(context.now()))}\r\n`)
  if (count('message-id') === 0) {
    added.push(`Message-ID: <${context.newId('msg')}@${context.settings().hostname}>\r\n`)
  }
  const kept = headerFields(block).filter((field) => !DROPPED.has(nameOf(field)))
  const rest: Part = Buffer.isBuffer(body)
    ? body.subarray(size)
    : { path: body.path, from: body.from + size, size: body.size - size }
  return { parts: [Buffer.from(added.join('')), ...kept, EMPTY_LINE, rest] }
}

/** The fields with their folds and line ends; line ends are CRLF by now. */
function headerFields(block: Buffer): Buffer[] {
  const fields: Buffer[] = []
  let from = 0
  let at = 0
  while (at < block.length) {
    const end = block.indexOf('\r\n', at)
    const next = end === -1 ? block.length : end + 2
    if (end === at) break
    at = next
    if (block[at] !== 0x20 && block[at] !== 0x09) {
      fields.push(block.subarray(from, at))
      from = at
    }
  }
  return fields
}

function nameOf(field: Buffer): string {
  return field
    .toString('latin1', 0, Math.max(field.indexOf(0x3a), 0))
    .trim()
    .toLowerCase()
}
