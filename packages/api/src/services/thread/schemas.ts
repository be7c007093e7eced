import { z } from 'zod'
import { id } from '../../wire/index.ts'
import { messageSchema } from '../message/schemas.ts'

/** A conversation with its messages, oldest first. */
export const threadSchema = z.object({
  id: z.string(),
  mailbox_id: z.string(),
  subject: z.string(),
  message_count: z.number(),
  last_message_at: z.string(),
  messages: z.array(messageSchema),
})
export type ThreadWire = z.output<typeof threadSchema>

export const threadIdInput = z.strictObject({ id: id('thr') })
