import { type MailboxAddress, type MessageIndex, shownMailbox, toStoredMessageId } from '@mairust/mail-core/message'

/** Most characters of the recipients that a row keeps for lists: a stranger may name a thousand, and a page has a hundred rows. */
const MAX_RECIPIENTS = 8000

/** The columns of a message that are read from its object. */
export function indexedColumns(index: MessageIndex) {
  const [from] = index.from
  return {
    subject: index.subject,
    preview: index.preview,
    fromName: from?.name ?? '',
    fromAddress: from?.address ?? '',
    recipients: firstOf(index.to),
    messageIdHeader: index.messageId === null ? null : toStoredMessageId(index.messageId),
    date: index.date,
    hasAttachments: index.hasAttachments,
    parseError: index.parseError,
    indexVersion: index.version,
  }
}

/** The first of them, at least one, that fit. An opened message still shows all. */
function firstOf(mailboxes: readonly MailboxAddress[]): MailboxAddress[] {
  let left = MAX_RECIPIENTS
  return mailboxes.map(shownMailbox).filter(({ name, address }, at) => {
    left -= name.length + address.length
    return at === 0 || left >= 0
  })
}
