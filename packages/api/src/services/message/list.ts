import { listMessages as listRows } from '@mairust/db/queries/message'
import { hasFolder } from '@mairust/db/queries/folder'
import { findThread } from '@mairust/db/queries/thread'
import { z } from 'zod'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { cursorTime, decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toFilter } from './filter.ts'
import { mailScope, requireMailboxId, toMessageWires } from './internal.ts'
import { noteReading } from './reading.ts'
import { type ListMessagesInput, listMessagesInput, messageSchema } from './schemas.ts'

const cursorSchema = z.tuple([cursorTime(), id('msg')])

/**
 * Messages the actor may see, newest first by default. Trash, junk and quarantine are left out unless `folder` or `in:` names a
 * folder. Pages are keyed by (received_at, id), so that new mail does not shift them.
 * @throws AppError FORBIDDEN, NOT_FOUND for a mailbox, folder or thread that does not exist, VALIDATION_ERROR
 */
export const listMessages = verb({
  permission: 'message:read',
  input: listMessagesInput,
  output: listOutput(messageSchema),
  run: async (ctx, parsed) => {
    const { limit = DEFAULT_LIMIT, sort = '-date' } = parsed
    const position = decodeCursor(cursorSchema, parsed.cursor)
    const mailboxId = parsed.mailbox === undefined ? undefined : await requireMailboxId(ctx, parsed.mailbox)
    await requirePlaces(ctx, parsed, mailboxId)
    const rows = await listRows(ctx.db, mailScope(ctx), toFilter(parsed, mailboxId, ctx.now()), {
      limit: limit + 1,
      order: sort === 'date' ? 'asc' : 'desc',
      after: position === null ? undefined : { receivedAt: new Date(position[0]), id: position[1] },
    })
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

/** Refuses a folder that none of the searched mailboxes has, and a thread that the actor may not see. */
const requirePlaces = async (
  ctx: ServiceContext,
  { folder, thread }: ListMessagesInput,
  mailboxId: string | undefined,
): Promise<void> => {
  const scope = mailScope(ctx)
  if (thread !== undefined && (await findThread(ctx.db, scope, thread)) === null) throw notFound('thread')
  if (folder === undefined) return
  const where = mailboxId === undefined ? scope : { ...scope, mailboxIds: [mailboxId] }
  if (!(await hasFolder(ctx.db, where, folder))) throw notFound('folder')
}
