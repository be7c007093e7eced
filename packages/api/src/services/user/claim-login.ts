import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { findDomainFacts } from '@mairust/db/queries/directory'
import { deleteSessionsOfUser } from '@mairust/db/queries/session'
import { findUserByEmail, updateUserRow } from '@mairust/db/queries/user'
import { emailDomain, systemActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import type { ServiceContext } from '../../context.ts'
import { invalidField } from '../../errors.ts'

/**
 * Sees to it that a login name may be the tenant's: its domain is nobody else's, and who took the name before the domain was the
 * tenant's gives way. Such a user of another tenant is suspended and keeps all but the name; an administrator there gives them another.
 * @throws AppError VALIDATION_ERROR when the domain belongs to another tenant
 */
export const claimLogin = async (tx: Db, ctx: ServiceContext, email: string): Promise<void> => {
  const domain = await findDomainFacts(tx, emailDomain(email))
  if (domain === null || domain.status === 'pending') return
  const { tenantId } = ctx.actor
  if (domain.tenantId !== tenantId) throw invalidField('email', 'is in a domain that is not one of yours')
  const holder = await findUserByEmail(tx, email)
  if (holder === null || holder.tenantId === tenantId) return
  const change = { email: `${holder.id}@displaced.invalid`, suspended: true, updatedAt: ctx.now() }
  await updateUserRow(tx, tenantScope(holder.tenantId), holder.id, change)
  await deleteSessionsOfUser(tx, tenantScope(holder.tenantId), holder.id)
  // In their own log, which does not say who has the domain now.
  const source = { ...ctx, actor: systemActor(holder.tenantId), ip: 'local', requestId: 'system' }
  const before = { email: holder.email, suspended: holder.suspended }
  const after = { email: change.email, suspended: true }
  await writeAudit(tx, source, { action: 'user.displace', targetType: 'user', targetId: holder.id, before, after })
}
