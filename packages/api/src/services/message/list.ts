import { hasFolder } from '@mairust/db/queries/folder'
import { findThread } from '@mairust/db/queries/thread'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { listOutput } from '../../wire/index.ts'
import { toFilter } from './filter.ts'
import { mailScope, requireMailboxId } from './internal.ts'
import { messagePage } from './page.ts'
import { type ListMessagesInput, listMessagesInput, messageSchema } from './schemas.ts'

/**
 * Messages the actor may see, newest first by default. Trash, junk and quarantine are left out unless `folder` or `in:` names a
 * folder.
 * @throws AppError FORBIDDEN, NOT_FOUND for a mailbox, folder or thread that does not exist, VALIDATION_ERROR
 */
export const listMessages = verb({
  permission: 'message:read',
  input: listMessagesInput,
  output: listOutput(messageSchema),
  run: (ctx, parsed) =>
    messagePage(ctx, { ...parsed, order: parsed.sort === 'date' ? 'asc' : 'desc' }, async () => {
      const mailboxId = parsed.mailbox === undefined ? undefined : await requireMailboxId(ctx, parsed.mailbox)
      await requirePlaces(ctx, parsed, mailboxId)
      return toFilter(parsed, mailboxId, ctx.now())
    }),
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
