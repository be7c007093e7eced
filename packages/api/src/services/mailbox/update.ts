import { isUniqueViolation } from '@mairust/db'
import { updateMailboxRow, type MailboxRow } from '@mairust/db/queries/mailbox'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import {
  ADDRESSES_TOPIC,
  addressTaken,
  requireFreeAddress,
  requireOwnDomainId,
  toOwnAddress,
} from '../address/index.ts'
import { requireManagedMailbox, requireOwner, toMailboxWire, toQuotaBytes } from './internal.ts'
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
      const before = await requireManagedMailbox(tx, ctx, wanted.id)
      await requireOwner(tx, ctx, wanted.user_id)
      const after: MailboxRow = {
        ...before,
        address: own?.address ?? before.address,
        domainId: own === undefined ? before.domainId : await requireOwnDomainId(tx, ctx, own),
        userId: wanted.user_id === undefined ? before.userId : wanted.user_id,
        quotaBytes: wanted.quota_mb === undefined ? before.quotaBytes : toQuotaBytes(wanted.quota_mb),
        displayName: wanted.display_name ?? before.displayName,
        updatedAt: ctx.now(),
      }
      if (own !== undefined) await requireFreeAddress(tx, ctx, own.address, before.id)
      await updateMailboxRow(tx, scopeOf(ctx), before.id, after)
      await writeAudit(tx, ctx, {
        action: 'mailbox.update',
        targetType: 'mailbox',
        targetId: before.id,
        before: toMailboxWire(before),
        after: toMailboxWire(after),
      })
      await ctx.changes.publish(tx, ADDRESSES_TOPIC)
      return toMailboxWire(after)
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? addressTaken(error) : error
    })
}
