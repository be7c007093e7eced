import { parseAddressList } from './addresses.ts'
import { parseDate } from './date.ts'
import { shownText } from '../shown-text.ts'
import { messageIdsOf, repliedIdsOf } from './thread.ts'
import type { AttachmentInfo, HeaderField, MailboxAddress, MessageSummary } from './types.ts'
import { decodeWords } from './words.ts'

/**
 * Everything a list shows of a message. The first readable one of a repeated field that may occur once (RFC 5322 §3.6) counts;
 * recipients and references are collected from all of them.
 */
export function summarize(
  headers: readonly HeaderField[],
  body: { preview: string; attachments: AttachmentInfo[] },
): MessageSummary {
  const values = new Map<string, string[]>()
  for (const field of headers) {
    const name = field.name.toLowerCase()
    const list = values.get(name)
    if (list) list.push(field.value)
    else values.set(name, [field.value])
  }
  const all = (name: string) => values.get(name) ?? []
  const first = <T>(name: string, read: (value: string) => T | null): T | null =>
    all(name)
      .map(read)
      .find((value) => value !== null) ?? null
  const senders = (name: string) => first(name, (value) => nonEmpty(parseAddressList(value))) ?? []
  const recipients = (name: string) => parseAddressList(all(name).join(', '))
  return {
    subject: first('subject', (value) => shownText(decodeWords(value)) || null) ?? '',
    from: senders('from'),
    sender: senders('sender')[0] ?? null,
    to: recipients('to'),
    cc: recipients('cc'),
    bcc: recipients('bcc'),
    replyTo: senders('reply-to'),
    date: first('date', parseDate),
    messageId: first('message-id', (value) => messageIdsOf(value)[0] ?? null),
    inReplyTo: [...new Set(all('in-reply-to').flatMap(repliedIdsOf))],
    references: messageIdsOf(all('references').join(' ')),
    preview: body.preview,
    attachments: body.attachments,
    hasAttachments: body.attachments.some((attachment) => !attachment.inline),
  }
}

function nonEmpty(mailboxes: MailboxAddress[]): MailboxAddress[] | null {
  return mailboxes.length > 0 ? mailboxes : null
}
