import { listMessages } from '@mairust/db/queries/message'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { cursorTime, decodeCursor, DEFAULT_LIMIT, id, listOutput, toPage } from '../../wire/index.ts'
import { z } from 'zod'
import { mailScope, requireMailboxId, toMessageWires } from '../message/internal.ts'
import { noteReading } from '../message/reading.ts'
import { messageSchema } from '../message/schemas.ts'
import { listDraftsInput } from './schemas.ts'

const cursorSchema = z.tuple([cursorTime(), id('msg')])

/**
 * Drafts in mailboxes that the actor may read, the last one saved first. Those in Trash, junk and quarantine are left out.
 * @throws AppError FORBIDDEN, NOT_FOUND for a mailbox that does not exist, VALIDATION_ERROR
 */
export const listDrafts = verb({
  permission: 'message:read',
  input: listDraftsInput,
  output: listOutput(messageSchema),
  run: async (ctx, { mailbox, cursor, limit = DEFAULT_LIMIT }) => {
    const position = decodeCursor(cursorSchema, cursor)
    const mailboxId = mailbox === undefined ? undefined : await requireMailboxId(ctx, mailbox)
    const rows = await listMessages(
      ctx.db,
      mailScope(ctx),
      { mailboxId, clauses: [{ kind: 'flag', flag: 'draft', value: true, negated: false }] },
      {
        limit: limit + 1,
        order: 'desc',
        after: position === null ? undefined : { receivedAt: new Date(position[0]), id: position[1] },
      },
    )
    const { data, pagination } = toPage(
      rows,
      limit,
      (row) => row,
      (row) => [row.receivedAt.getTime(), row.id],
    )
    await noteReading(
      ctx.db,
      ctx,
      data.map(({ mailboxId: read }) => read),
    )
    return { data: await toMessageWires(ctx.db, scopeOf(ctx), data), pagination }
  },
})
