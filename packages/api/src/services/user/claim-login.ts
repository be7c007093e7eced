import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { findDomainFacts } from '@mairust/db/queries/directory'
import { endLogins } from '@mairust/db/queries/session'
import { findUserByEmail, updateUserRow } from '@mairust/db/queries/user'
import { emailDomain, systemActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import type { ServiceContext } from '../../context.ts'
import { invalidField } from '../../errors.ts'

/**
 * Ensures that the tenant may use a login name. A name in a domain that belongs to another tenant is refused. If the domain is the
 * tenant's and a user of another tenant took the name earlier, that user gives way: they lose the name and are suspended, until an
 * administrator of their tenant gives them another name.
 * @throws AppError VALIDATION_ERROR if the domain belongs to another tenant
 */
export const claimLogin = async (tx: Db, ctx: ServiceContext, email: string): Promise<void> => {
  const domain = await findDomainFacts(tx, emailDomain(email))
  if (domain === null || domain.status === 'pending') return
  const { tenantId } = ctx.actor
  if (domain.tenantId !== tenantId) throw invalidField('email', 'is in a domain that is not one of yours')
  const holder = await findUserByEmail(tx, email)
  if (holder === null || holder.tenantId === tenantId) return
  const theirs = tenantScope(holder.tenantId)
  const change = { email: `${holder.id}@displaced.invalid`, suspended: true, updatedAt: ctx.now() }
  await updateUserRow(tx, theirs, holder.id, change)
  await endLogins(tx, theirs, holder.id)
  // The entry is in their tenant's audit log, so it must not reveal who has the domain now.
  const source = { ...ctx, actor: systemActor(holder.tenantId), ip: 'local', requestId: 'system' }
  const before = { email: holder.email, suspended: holder.suspended }
  const after = { email: change.email, suspended: true }
  await writeAudit(tx, source, { action: 'user.displace', targetType: 'user', targetId: holder.id, before, after })
}
