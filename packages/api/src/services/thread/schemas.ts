import { z } from 'zod'
import { count, idOf, time, wireId, word } from '../../wire/index.ts'
import { messageSchema } from '../message/schemas.ts'

/** A conversation with its messages, oldest first. */
export const threadSchema = z.object({
  id: wireId('thr'),
  mailbox_id: messageSchema.shape.mailbox_id,
  subject: messageSchema.shape.subject,
  message_count: count('Messages in the conversation.', 4),
  last_message_at: time('When its latest message was received.'),
  messages: word(z.array(messageSchema), 'The messages, oldest first.'),
})
export type ThreadWire = z.output<typeof threadSchema>

export const threadIdInput = z.strictObject({ id: idOf('thr') })
