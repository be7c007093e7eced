import type { Db } from '@mairust/db'
import type { Role } from '@mairust/db/schema'
import { roleCovers } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { readSettings } from '../setting/internal.ts'

/** Somebody with a role; without an id somebody who is yet to get it. */
interface Ranked {
  readonly id?: string | undefined
  readonly role: Role
}

/**
 * Whether the actor may make or change somebody, their keys and their mailboxes: who stands below them, themselves, and for a
 * super_admin everybody. A tenant_admin manages others like them where the tenant's setting says so.
 */
export const manages = async (db: Db, ctx: ServiceContext, { id, role }: Ranked): Promise<boolean> => {
  const { actor } = ctx
  if (!roleCovers(actor.role, role)) return false
  if (actor.role !== role || role === 'super_admin' || (id !== undefined && id === actor.userId)) return true
  return role === 'tenant_admin' && (await readSettings(db, ctx)).tenant_admins_manage_equals
}

/**
 * Refuses whom the actor does not manage.
 * @throws AppError FORBIDDEN
 */
export const requireManaged = async (db: Db, ctx: ServiceContext, who: Ranked): Promise<void> => {
  if (await manages(db, ctx, who)) return
  throw new AppError('FORBIDDEN', `Your role does not let you make or change a ${who.role}.`)
}
