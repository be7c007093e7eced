import { createId, tenantTopic } from '@mairust/db'
import { insertMailbox } from '@mairust/db/queries/mailbox'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { readSettings } from '../setting/internal.ts'
import { requireOwner, toMailboxWire, toQuotaBytes } from './internal.ts'
import { createMailboxInput, type MailboxWire } from './schemas.ts'

/**
 * Adds a mailbox with its default folders. Without `quota_mb` it gets the tenant's default quota.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR when the domain or the owner is not the actor's, CONFLICT when the address is taken
 */
export const createMailbox = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createMailboxInput>
}): Promise<MailboxWire> => {
  requirePermission(ctx, 'mailbox:write')
  const {
    address,
    user_id: userId,
    quota_mb: quota,
    display_name: displayName = '',
  } = parseInput(createMailboxInput, input)
  const own = toOwnAddress(address, 'address')
  const quotaMb = quota === undefined ? (await readSettings(ctx.db, ctx)).default_quota_mb : quota
  const now = ctx.now()
  return ctx.db
    .transaction(async (tx) => {
      await requireOwner(tx, ctx, userId)
      const domainId = await requireOwnDomainId(tx, ctx, 'mailbox:write', own)
      const id = createId('mbx')
      await requireFreeAddress(tx, ctx, own.address, id)
      const row = await insertMailbox(tx, scopeOf(ctx), {
        id,
        domainId,
        userId: userId ?? null,
        address: own.address,
        displayName,
        status: 'active',
        quotaBytes: toQuotaBytes(quotaMb),
        createdAt: now,
        updatedAt: now,
      })
      const wire = toMailboxWire(row)
      await writeAudit(tx, ctx, { action: 'mailbox.create', targetType: 'mailbox', targetId: id, after: wire })
      await ctx.changes.publish(tx, tenantTopic('addresses', ctx.actor.tenantId))
      return wire
    })
    .catch(addressTaken)
}
