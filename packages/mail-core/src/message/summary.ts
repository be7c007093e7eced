import { parseAddressList } from './addresses.ts'
import { parseDate } from './date.ts'
import { messageIdsOf } from './thread.ts'
import type { AttachmentInfo, HeaderField, MessageSummary } from './types.ts'
import { decodeWords } from './words.ts'

/** Everything a list shows of a message. The first of a repeated field counts, as in most readers. */
export function summarize(
  headers: readonly HeaderField[],
  body: { preview: string; attachments: AttachmentInfo[] },
): MessageSummary {
  const values = new Map<string, string>()
  for (const field of headers) {
    const name = field.name.toLowerCase()
    if (!values.has(name)) values.set(name, field.value)
  }
  const value = (name: string) => values.get(name) ?? ''
  return {
    subject: decodeWords(value('subject')).replaceAll(/\s+/g, ' ').trim(),
    from: parseAddressList(value('from')),
    sender: parseAddressList(value('sender'))[0] ?? null,
    to: parseAddressList(value('to')),
    cc: parseAddressList(value('cc')),
    bcc: parseAddressList(value('bcc')),
    replyTo: parseAddressList(value('reply-to')),
    date: parseDate(value('date')),
    messageId: messageIdsOf(value('message-id'))[0] ?? null,
    inReplyTo: messageIdsOf(value('in-reply-to'))[0] ?? null,
    references: messageIdsOf(value('references')),
    preview: body.preview,
    attachments: body.attachments,
    hasAttachments: body.attachments.some((attachment) => !attachment.inline),
  }
}
