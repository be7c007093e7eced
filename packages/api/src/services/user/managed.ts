import type { Db } from '@mairust/db'
import type { Role } from '@mairust/db/schema'
import { roleCovers } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { readSettings } from '../setting/internal.ts'

/** A user's role; without an id, the role that a user is to get. */
interface Ranked {
  readonly id?: string | undefined
  readonly role: Role
}

/**
 * Whether the actor may create or change a user, with their keys and mailboxes. Actors manage users with a lower role, and themselves;
 * a super_admin manages everybody. A tenant_admin manages other tenant_admins only if a setting of the tenant allows it.
 */
export const manages = async (db: Db, ctx: ServiceContext, { id, role }: Ranked): Promise<boolean> => {
  const { actor } = ctx
  if (!roleCovers(actor.role, role)) return false
  if (actor.role !== role || role === 'super_admin' || (id !== undefined && id === actor.userId)) return true
  return role === 'tenant_admin' && (await readSettings(db, ctx)).tenant_admins_manage_equals
}

/**
 * Refuses a user whom the actor does not manage.
 * @throws AppError FORBIDDEN
 */
export const requireManaged = async (db: Db, ctx: ServiceContext, who: Ranked): Promise<void> => {
  if (await manages(db, ctx, who)) return
  throw new AppError('FORBIDDEN', `Your role does not allow you to create or change a ${who.role}.`)
}
