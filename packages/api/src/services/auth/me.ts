import { findUser } from '@mairust/db/queries/user'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { toMeWire } from './internal.ts'
import type { MeWire } from './schemas.ts'

/**
 * The user that is signed in, or that the key acts for.
 * @throws AppError NOT_FOUND for the system itself
 */
export const getMe = async ({ ctx }: { ctx: ServiceContext }): Promise<MeWire> => {
  const { userId } = ctx.actor
  const user = userId === null ? null : await findUser(ctx.db, scopeOf(ctx), userId)
  if (user === null) throw notFound('user')
  return toMeWire(user, ctx.actor)
}
