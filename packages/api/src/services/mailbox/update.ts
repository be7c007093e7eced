import { tenantTopic } from '@mairust/db'
import { updateMailboxRow } from '@mairust/db/queries/mailbox'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { lockManagedMailbox, requireOwner, toMailboxWire, toQuotaBytes } from './internal.ts'
import { updateMailboxInput, type MailboxWire } from './schemas.ts'

/**
 * Changes a mailbox. A new address keeps the mail.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the address is taken
 */
export const updateMailbox = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateMailboxInput>
}): Promise<MailboxWire> => {
  requirePermission(ctx, 'mailbox:write')
  const wanted = parseInput(updateMailboxInput, input)
  const own = wanted.address === undefined ? undefined : toOwnAddress(wanted.address, 'address')
  return ctx.db
    .transaction(async (tx) => {
      await requireOwner(tx, ctx, wanted.user_id)
      const domainId = own === undefined ? undefined : await requireOwnDomainId(tx, ctx, 'mailbox:write', own)
      const before = await lockManagedMailbox(tx, ctx, wanted.id)
      if (own !== undefined) await requireFreeAddress(tx, ctx, own.address, before.id)
      const change = {
        address: own?.address,
        domainId,
        userId: wanted.user_id,
        quotaBytes: wanted.quota_mb === undefined ? undefined : toQuotaBytes(wanted.quota_mb),
        displayName: wanted.display_name,
        updatedAt: ctx.now(),
      }
      const after = orNotFound(await updateMailboxRow(tx, scopeOf(ctx), before.id, change), 'mailbox')
      await writeAudit(tx, ctx, {
        action: 'mailbox.update',
        targetType: 'mailbox',
        targetId: before.id,
        before: toMailboxWire(before),
        after: toMailboxWire(after),
      })
      await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
      // Its messages have tags of their new owner.
      if (after.userId !== before.userId) await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
      return toMailboxWire(after)
    })
    .catch(addressTaken)
}
