import { tenantTopic } from '@mairust/db'
import { deleteMailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { emptyMailbox } from '@mairust/db/queries/prune'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { lockManagedMailbox, toMailboxWire } from './internal.ts'
import { mailboxIdInput } from './schemas.ts'

/**
 * Removes a mailbox and all its mail, for good. It takes no new mail from the first moment; the mail goes in batches, so
 * that nobody else waits. A removal that was cut short is completed by removing again.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeMailbox = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof mailboxIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'mailbox:write')
  const { id } = parseInput(mailboxIdInput, input)
  const scope = scopeOf(ctx)
  await ctx.db.transaction(async (tx) => {
    const before = await lockManagedMailbox(tx, ctx, id)
    // Somebody else is removing it, or was, and has said so.
    if (before.status === 'removing') return
    await updateMailboxRow(tx, scope, id, { status: 'removing', updatedAt: ctx.now() })
    await writeAudit(tx, ctx, {
      action: 'mailbox.delete',
      targetType: 'mailbox',
      targetId: id,
      before: toMailboxWire(before),
    })
    await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
  })
  await emptyMailbox(ctx, scope, id)
  await ctx.db.transaction(async (tx) => {
    await deleteMailboxRow(tx, scope, id)
    await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
  })
}
