import { isForeignKeyViolation } from '@mairust/db'
import { deleteAliasesOfDomain } from '@mairust/db/queries/alias'
import { deleteDomainRow, lockDomain } from '@mairust/db/queries/domain'
import { scopeOf } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { verb, removed } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { requireManagedReceivers } from '../address/receivers.ts'
import { requireManagedAliasOf } from './alias-of.ts'
import { requireDomain, toDomainWire } from './internal.ts'
import { domainIdInput } from './schemas.ts'

/**
 * Removes a domain and its aliases, which the audit entry lists. A domain with mailboxes is kept, because their mail would go with it.
 * @throws AppError FORBIDDEN, also if its mail reaches a user whom the actor does not manage, NOT_FOUND, CONFLICT
 */
export const removeDomain = verb({
  permission: 'domain:write',
  input: domainIdInput,
  output: removalSchema,
  audit: 'domain.delete',
  notify: ['domains'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const scope = scopeOf(ctx)
      const domain = await requireDomain(tx, ctx, 'domain:write', id, lockDomain)
      await requireManagedAliasOf(tx, ctx, domain)
      await requireManagedReceivers(tx, ctx, id)
      const before = { ...toDomainWire(domain), aliases: await deleteAliasesOfDomain(tx, scope, id) }
      await deleteDomainRow(tx, scope, id)
      return removed(before)
    }).catch((error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error
      throw new AppError('CONFLICT', 'This domain still has mailboxes or domain aliases. Remove them first.', {
        cause: error,
      })
    }),
})
