import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { toUserWire } from '../user/internal.ts'
import { requireSelf } from './internal.ts'
import { accountSchema } from './schemas.ts'

/**
 * The caller's own account.
 * @throws AppError FORBIDDEN, NOT_FOUND for the system itself
 */
export const getAccount = verb({
  permission: 'account:read',
  input: nothing,
  output: accountSchema,
  run: async (ctx) => toUserWire(await requireSelf(ctx.db, ctx)),
})
