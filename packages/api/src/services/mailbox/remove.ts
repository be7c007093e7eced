import { addressTopic } from '@mairust/db'
import { deleteMailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { emptyMailbox } from '@mairust/db/queries/prune'
import { scopeOf } from '../../context.ts'
import { verb, recorded, unchanged, removal } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { lockManagedMailbox, toMailboxWire } from './internal.ts'
import { mailboxIdInput } from './schemas.ts'

/**
 * Removes a mailbox and all its mail, for good. The mailbox accepts no mail from the start; its mail is removed in batches, so that
 * others do not wait. To complete a removal that was interrupted, remove the mailbox again.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeMailbox = verb({
  permission: 'mailbox:write',
  input: mailboxIdInput,
  output: removalSchema,
  audit: 'mailbox.delete',
  notify: ['addresses'],
  run: async (ctx, { id }, commit) => {
    const scope = scopeOf(ctx)
    const address = await commit(async (tx) => {
      const before = await lockManagedMailbox(tx, ctx, id)
      // Another removal has begun, and has left the audit entry.
      if (before.status === 'removing') return unchanged(before.address)
      await updateMailboxRow(tx, scope, id, { status: 'removing', updatedAt: ctx.now() })
      return recorded(before.address, { targetId: id, before: toMailboxWire(before) })
    })
    await emptyMailbox(ctx, scope, id)
    await ctx.db.transaction(async (tx) => {
      await deleteMailboxRow(tx, scope, id)
      await ctx.changes.publish(tx, addressTopic(ctx.actor.tenantId, address))
    })
    return removal(id)
  },
})
