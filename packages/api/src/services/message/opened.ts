import type { MessageRow } from '@mairust/db/queries/message'
import type { LongField } from '@mairust/mail-core/message'
import type { OpenedMessage } from '../../render/tasks.ts'
import type { TruncatedField } from './schemas.ts'

/** The names on the wire of fields with more than is shown. */
export const wireNames = (fields: readonly LongField[]): TruncatedField[] =>
  fields.map((name) => (name === 'replyTo' ? 'reply_to' : name))

/** What only the stored object of a message tells, on the wire; of one that could not be opened, what its row has. */
export const openedFields = (row: MessageRow, opened: OpenedMessage | null, what: 'draft' | 'message') => ({
  cc: opened?.cc ?? [],
  bcc: opened?.bcc ?? [],
  reply_to: opened?.replyTo ?? [],
  message_id: opened?.messageId ?? row.messageIdHeader,
  in_reply_to: opened?.inReplyTo[0] ?? null,
  references: opened?.references ?? [],
  attachments: (opened?.attachments ?? []).map(({ index, filename, contentType, size, contentId, inline }) => ({
    index,
    filename,
    content_type: contentType,
    size,
    content_id: contentId,
    inline,
  })),
  truncated: wireNames(opened?.truncated ?? []),
  parse_error:
    opened === null
      ? `The ${what} could not be parsed within the time limit. Its source is complete.`
      : (row.parseError ?? opened.parseError),
  journey_id: row.journeyId,
})
