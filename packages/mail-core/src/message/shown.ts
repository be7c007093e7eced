import { MAX_STORED_ADDRESS, MAX_STORED_TEXT, toStoredText } from './stored-text.ts'
import type { MailboxAddress, MessageSummary, ParsedMessage } from './types.ts'

/** Most of a message that is shown or answered at once; its source has the rest. */
export const SHOWN = {
  /** UTF-16 units of its text, and of its HTML; longer HTML is shown as text. */
  characters: 1024 * 1024,
  /** Mailboxes of an address field. */
  mailboxes: 1000,
} as const

/** Longest media type and Content-ID of an attachment; real ones are shorter. */
const MAX_TYPE = 127
const MAX_CONTENT_ID = 998
/** Longest domain with its @ (RFC 1035 §2.3.4). */
const MAX_DOMAIN = 256

const LISTS = ['to', 'cc', 'bcc', 'replyTo'] as const

/** What a message may have more of than is shown. */
export type LongField = 'subject' | 'text' | 'html' | (typeof LISTS)[number]

/** What a message has more of than is shown. */
export function longFields({ index, text, html }: Pick<ParsedMessage, 'index' | 'text' | 'html'>): LongField[] {
  const isLong = (content: string | null) => content !== null && content.length > SHOWN.characters
  return [
    ...(index.subject.length > MAX_STORED_TEXT ? (['subject'] as const) : []),
    ...(isLong(text) ? (['text'] as const) : []),
    ...(isLong(html) ? (['html'] as const) : []),
    ...LISTS.filter((name) => index[name].length > SHOWN.mailboxes || index[name].some(isLongMailbox)),
  ]
}

/** Names are as long as their sender likes, and browsers take the square of it. */
const isLongMailbox = ({ name, address }: MailboxAddress): boolean =>
  name.length > MAX_STORED_TEXT || address.length > MAX_STORED_ADDRESS

/** The start of a text, as much as is shown of it. */
export function shownStart(text: string): string {
  if (text.length <= SHOWN.characters) return text
  // The halves of a character stay together.
  return text.slice(0, SHOWN.characters).replace(/[\uD800-\uDBFF]$/, '')
}

/** A mailbox, as much as is stored and shown of its name and address. */
export function shownMailbox(mailbox: MailboxAddress): MailboxAddress {
  if (!isLongMailbox(mailbox)) return mailbox
  return { name: toStoredText(mailbox.name), address: toStoredText(withoutStart(mailbox.address)) }
}

/**
 * An address of bounded length. Of one that is too long only the domain is left, behind dots that no local part may have: what is cut
 * anywhere else could be read as an address of another domain.
 */
function withoutStart(address: string): string {
  if (address.length <= MAX_STORED_ADDRESS) return address
  const at = address.lastIndexOf('@')
  return `...${at < address.length - MAX_DOMAIN ? '' : address.slice(at)}`
}

/** What is told about a message, as much as is shown of it. */
export function shownSummary(index: MessageSummary): MessageSummary {
  const some = (mailboxes: MailboxAddress[]) => mailboxes.slice(0, SHOWN.mailboxes).map(shownMailbox)
  return {
    ...index,
    from: some(index.from),
    sender: index.sender && shownMailbox(index.sender),
    to: some(index.to),
    cc: some(index.cc),
    bcc: some(index.bcc),
    replyTo: some(index.replyTo),
    attachments: index.attachments.map((file) => ({
      ...file,
      contentType: file.contentType.slice(0, MAX_TYPE),
      contentId: file.contentId?.slice(0, MAX_CONTENT_ID) ?? null,
    })),
  }
}
