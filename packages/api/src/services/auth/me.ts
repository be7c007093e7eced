import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { requireSelf } from '../account/internal.ts'
import { toMeWire } from './internal.ts'
import { meSchema } from './schemas.ts'

/**
 * The user that is signed in, or that the key acts for.
 * @throws AppError NOT_FOUND for the system itself
 */
export const getMe = verb({
  permission: 'signed-in',
  input: nothing,
  output: meSchema,
  run: async (ctx) => toMeWire(await requireSelf(ctx.db, ctx), ctx.actor),
})
