import { findThread, messagesOfThread } from '@mairust/db/queries/thread'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { wireTime } from '../../wire/index.ts'
import { mailScope, toMessageWires } from '../message/internal.ts'
import { noteReading } from '../message/reading.ts'
import { threadIdInput, threadSchema } from './schemas.ts'

/** Maximum number of messages in the answer; the list of messages has them all. */
const MAX_MESSAGES = 500

/**
 * A conversation with its messages, oldest first, whatever folder they are in.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getThread = verb({
  permission: 'message:read',
  input: threadIdInput,
  output: threadSchema,
  run: async (ctx, { id }) => {
    const thread = await findThread(ctx.db, mailScope(ctx), id)
    if (thread === null) throw notFound('thread')
    await noteReading(ctx.db, ctx, [thread.mailboxId])
    const rows = await messagesOfThread(ctx.db, mailScope(ctx), id, MAX_MESSAGES)
    return {
      id: thread.id,
      mailbox_id: thread.mailboxId,
      subject: thread.subject,
      message_count: thread.messageCount,
      last_message_at: wireTime(thread.lastMessageAt),
      messages: await toMessageWires(ctx.db, scopeOf(ctx), rows),
    }
  },
})
