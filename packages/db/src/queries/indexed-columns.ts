import { type MessageIndex, toStoredMessageId } from '@mairust/mail-core/message'

/** The columns of a message that are read from its object. */
export function indexedColumns(index: MessageIndex) {
  const [from] = index.from
  return {
    subject: index.subject,
    preview: index.preview,
    fromName: from?.name ?? '',
    fromAddress: from?.address ?? '',
    recipients: index.to,
    messageIdHeader: index.messageId === null ? null : toStoredMessageId(index.messageId),
    date: index.date,
    hasAttachments: index.hasAttachments,
    parseError: index.parseError,
    indexVersion: index.version,
  }
}
