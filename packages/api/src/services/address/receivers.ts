import type { Db } from '@mairust/db'
import { aliasTargetsOfDomain } from '@mairust/db/queries/alias'
import { mailboxesReachedBy } from '@mairust/db/queries/directory'
import { findMailboxesOfRoles, findOwners } from '@mairust/db/queries/mailbox'
import { mailboxesReachedFrom } from '@mairust/db/queries/reached'
import { rolesAbove } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { manages } from '../user/managed.ts'

/**
 * Refuses to take mail from anybody whom the actor does not manage. Call it with the addresses that the mail leads to now, directly or
 * through aliases, and would lead to no more.
 * @throws AppError FORBIDDEN
 */
export const requireManagedTargets = async (tx: Db, ctx: ServiceContext, targets: readonly string[]): Promise<void> => {
  const { mailboxIds } = await mailboxesReachedBy(tx, ctx.actor.tenantId, targets)
  for (const owner of await findOwners(tx, scopeOf(ctx), mailboxIds)) {
    if (await manages(tx, ctx, owner)) continue
    throw new AppError(
      'FORBIDDEN',
      `This would take mail from a ${owner.role}, whom your role does not allow you to change.`,
    )
  }
}

/**
 * Refuses targets outside the tenant for an alias that leads to anybody whom the actor does not manage: such an alias can be refused
 * mail for all. Call it with the targets that it has, and those that it gets.
 * @throws AppError FORBIDDEN
 */
export const requireTargetsInside = async (
  tx: Db,
  ctx: ServiceContext,
  targets: readonly string[],
  added: readonly string[],
): Promise<void> => {
  if (added.length === 0) return
  const { leadsOutside } = await mailboxesReachedBy(tx, ctx.actor.tenantId, added)
  if (leadsOutside) await requireManagedTargets(tx, ctx, targets)
}

/**
 * Refuses to take mail for the addresses of a domain, its catch-all too, from anybody whom the actor does not manage. It takes a
 * few queries, however many addresses the domain has.
 * @throws AppError FORBIDDEN
 */
export const requireManagedReceivers = async (tx: Db, ctx: ServiceContext, domainId: string): Promise<void> => {
  const others = await unmanagedMailboxes(tx, ctx)
  if (others.length === 0) return
  const reaches = async (): Promise<boolean> => {
    if (others.some((mailbox) => mailbox.domainId === domainId)) return true
    const targets = await aliasTargetsOfDomain(tx, scopeOf(ctx), domainId)
    const reached = await mailboxesReachedFrom(tx, scopeOf(ctx), targets.flat())
    return others.some(({ id }) => reached.has(id))
  }
  if (!(await reaches())) return
  throw new AppError('FORBIDDEN', 'This would take mail from users whom your role does not allow you to change.')
}

/** The mailboxes whose owners the actor does not manage. */
const unmanagedMailboxes = async (tx: Db, ctx: ServiceContext): Promise<{ id: string; domainId: string }[]> => {
  const { role, userId } = ctx.actor
  const equals = (await manages(tx, ctx, { role })) ? [] : [role]
  const rows = await findMailboxesOfRoles(tx, scopeOf(ctx), [...rolesAbove(role), ...equals])
  // A key can have a lower role than its user, and then does not manage them.
  return rows.filter((mailbox) => mailbox.ownerId !== userId || mailbox.role !== role)
}
