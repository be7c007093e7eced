import { tenantTopic } from '@mairust/db'
import { updateMailboxRow } from '@mairust/db/queries/mailbox'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, updated } from '../../verb/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { lockManagedMailbox, requireContent, requireOwner, toColumns, toMailboxWire, toQuotaBytes } from './internal.ts'
import { updateMailboxInput, mailboxSchema } from './schemas.ts'

/**
 * Changes a mailbox. A new address keeps the mail, and so does a new owner: both open it to others, and so need the permissions for
 * its mail.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT if the address is taken
 */
export const updateMailbox = verb({
  permission: 'mailbox:write',
  input: updateMailboxInput,
  output: mailboxSchema,
  audit: 'mailbox.update',
  notify: ['addresses'],
  run: async (ctx, wanted, commit) => {
    const own = wanted.address === undefined ? undefined : toOwnAddress(wanted.address, 'address')
    return commit(async (tx) => {
      await requireOwner(tx, ctx, wanted.user_id)
      const domainId = own === undefined ? undefined : await requireOwnDomainId(tx, ctx, 'mailbox:write', own)
      const before = await lockManagedMailbox(tx, ctx, wanted.id)
      requireContent(ctx, before, { userId: wanted.user_id, address: own?.address })
      if (own !== undefined) await requireFreeAddress(tx, ctx, own.address, before.id)
      const isMoved = own !== undefined && own.address !== before.address
      const isGiven = typeof wanted.user_id === 'string' && wanted.user_id !== before.userId
      const change = {
        ...toColumns(wanted),
        // What came to a former owner, or to the former mailbox of this address, is no concern of who has it now.
        ...(isMoved || isGiven ? { address: own?.address ?? before.address, addressSince: ctx.now(), domainId } : {}),
        quotaBytes: wanted.quota_mb === undefined ? undefined : toQuotaBytes(wanted.quota_mb),
        updatedAt: ctx.now(),
      }
      const after = orNotFound(await updateMailboxRow(tx, scopeOf(ctx), before.id, change), 'mailbox')
      // Its messages now have tags of the new owner.
      if (after.userId !== before.userId) await ctx.changes.publish(tx, tenantTopic('tags', ctx.actor.tenantId))
      return updated(toMailboxWire(before), toMailboxWire(after))
    }).catch(addressTaken)
  },
})
