import { verb } from '../../verb/index.ts'
import { listOutput } from '../../wire/index.ts'
import { requireMailboxId } from '../message/internal.ts'
import { messagePage } from '../message/page.ts'
import { messageSchema } from '../message/schemas.ts'
import { listDraftsInput } from './schemas.ts'

/**
 * Drafts in mailboxes that the actor may read, the last one saved first. Those in Trash, junk and quarantine are left out.
 * @throws AppError FORBIDDEN, NOT_FOUND for a mailbox that does not exist, VALIDATION_ERROR
 */
export const listDrafts = verb({
  permission: 'message:read',
  input: listDraftsInput,
  output: listOutput(messageSchema),
  run: (ctx, { mailbox, ...paging }) =>
    messagePage(ctx, { ...paging, order: 'desc' }, async () => ({
      mailboxId: mailbox === undefined ? undefined : await requireMailboxId(ctx, mailbox),
      clauses: [{ kind: 'flag', flag: 'draft', value: true, negated: false }],
    })),
})
