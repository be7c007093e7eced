import type { Db } from '@mairust/db'
import { findUser, type UserRow } from '@mairust/db/queries/user'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'

/**
 * The user that the actor is, or acts for.
 * @param find `lockUser` before a change
 * @throws AppError NOT_FOUND for the system itself
 */
export const requireSelf = async (db: Db, ctx: ServiceContext, find: typeof findUser = findUser): Promise<UserRow> => {
  const { userId } = ctx.actor
  const user = userId === null ? null : await find(db, scopeOf(ctx), userId)
  if (user === null) throw notFound('user')
  return user
}
