import { createId } from '@mairust/db'
import { insertMailbox } from '@mairust/db/queries/mailbox'
import { scopeOf } from '../../context.ts'
import { verb, created } from '../../verb/index.ts'
import { addressTaken, requireFreeAddress, requireOwnDomainId, toOwnAddress } from '../address/index.ts'
import { readSettings } from '../setting/internal.ts'
import { requireOwner, toColumns, toMailboxWire, toQuotaBytes } from './internal.ts'
import { createMailboxInput, mailboxSchema } from './schemas.ts'

/**
 * Adds a mailbox with its default folders. Without `quota_mb` it gets the tenant's default quota.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR if the actor does not manage the domain or the owner, CONFLICT if the address is taken
 */
export const createMailbox = verb({
  permission: 'mailbox:write',
  input: createMailboxInput,
  output: mailboxSchema,
  audit: 'mailbox.create',
  notify: ['addresses'],
  run: async (ctx, wanted, commit) => {
    const own = toOwnAddress(wanted.address, 'address')
    const { quota_mb: quota } = wanted
    const quotaMb = quota === undefined ? (await readSettings(ctx.db, ctx)).default_quota_mb : quota
    return commit(async (tx) => {
      await requireOwner(tx, ctx, wanted.user_id)
      const domainId = await requireOwnDomainId(tx, ctx, 'mailbox:write', own)
      const id = createId('mbx')
      await requireFreeAddress(tx, ctx, own.address, id)
      const row = await insertMailbox(tx, scopeOf(ctx), {
        ...toColumns(wanted),
        id,
        domainId,
        address: own.address,
        status: 'active',
        quotaBytes: toQuotaBytes(quotaMb),
        createdAt: ctx.now(),
      })
      return created(toMailboxWire(row))
    }).catch(addressTaken)
  },
})
