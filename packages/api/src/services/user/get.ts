import { verb } from '../../verb/index.ts'
import { requireUser, toUserWire } from './internal.ts'
import { userIdInput, userSchema } from './schemas.ts'

/**
 * One user.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getUser = verb({
  permission: 'user:read',
  input: userIdInput,
  output: userSchema,
  run: async (ctx, { id }) => toUserWire(await requireUser(ctx.db, ctx, 'user:read', id)),
})
