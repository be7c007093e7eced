import { tokenText } from '../search/tokenize.ts'
import { withinEffort } from './effort.ts'
import { readMessage } from './parse.ts'
import { bodyTokens } from './search-text.ts'
import { shownMailbox } from './shown.ts'
import { toStoredMessageId, toStoredText } from './stored-text.ts'
import type { MailboxAddress, MessageIndex, MessageSummary, SearchTokens } from './types.ts'

/**
 * Raise it whenever the result of `buildIndex` changes: stored messages are then indexed again. A database index covers the rows
 * that wait for it, so raising it takes a migration (`pnpm run generate` in packages/db).
 */
export const INDEX_VERSION = 3

/** The version of a stand-in for a message that ended its worker: it is built again after all others. */
export const HOSTILE_VERSION = -1

/** Most tokens per field. PostgreSQL stores no position over 16,383, so the total stays near that. */
const MAX_TOKENS = { subject: 500, sender: 100, recipients: 1500, body: 16_000 }
/** UTF-16 units of text tokenized per token that the field may hold. */
const TEXT_PER_TOKEN = 32
/** Longest content type stored. */
const MAX_CONTENT_TYPE = 127

/**
 * Builds what is stored of a message: bounded, and safe for both databases (`toStoredText`) and structured clone. Pure and
 * synchronous; never throws. Takes any bytes, since a Buffer arrives in a worker as Uint8Array.
 */
export function buildIndex(raw: Uint8Array): MessageIndex {
  return withinEffort(() => build(raw))
}

function build(raw: Uint8Array): MessageIndex {
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const read = readMessage(bytes)
  const { parsed } = read
  return {
    ...storedSummary(parsed.index),
    search: { ...headerTokens(parsed.index), body: bodyTokens(bytes, read, MAX_TOKENS.body) },
    parseError: parsed.reason === null ? null : toStoredText(parsed.reason),
    version: INDEX_VERSION,
  }
}

function storedSummary(index: MessageSummary): MessageSummary {
  return {
    subject: toStoredText(index.subject),
    from: index.from.map(storedMailbox),
    sender: index.sender && storedMailbox(index.sender),
    to: index.to.map(storedMailbox),
    cc: index.cc.map(storedMailbox),
    bcc: index.bcc.map(storedMailbox),
    replyTo: index.replyTo.map(storedMailbox),
    date: index.date,
    messageId: index.messageId === null ? null : toStoredMessageId(index.messageId),
    inReplyTo: index.inReplyTo.map(toStoredMessageId),
    references: index.references.map(toStoredMessageId),
    preview: toStoredText(index.preview),
    attachments: index.attachments.map((attachment) => ({
      ...attachment,
      filename: toStoredText(attachment.filename),
      contentType: toStoredText(attachment.contentType, MAX_CONTENT_TYPE),
      contentId: attachment.contentId === null ? null : toStoredText(attachment.contentId),
    })),
    hasAttachments: index.hasAttachments,
  }
}

function storedMailbox(mailbox: MailboxAddress): MailboxAddress {
  const { name, address } = shownMailbox(mailbox)
  return { name: toStoredText(name), address: toStoredText(address) }
}

function headerTokens(index: MessageSummary): Omit<SearchTokens, 'body'> {
  const senders = index.sender === null ? index.from : [...index.from, index.sender]
  return {
    subject: tokens(index.subject, MAX_TOKENS.subject),
    sender: tokens(mailboxText(senders), MAX_TOKENS.sender),
    recipients: tokens(mailboxText([...index.to, ...index.cc, ...index.bcc]), MAX_TOKENS.recipients),
  }
}

function tokens(text: string, limit: number): string {
  return tokenText(text.slice(0, limit * TEXT_PER_TOKEN), limit).text
}

function mailboxText(mailboxes: readonly MailboxAddress[]): string {
  return mailboxes.map(({ name, address }) => `${name} <${address}>`).join(', ')
}
