import { findSuppression } from '@mairust/db/queries/suppression'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { toFilter, toSuppressionWire } from './internal.ts'
import { suppressionInput, suppressionSchema } from './schemas.ts'

/**
 * The suppression of an address, the one for all mail first.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getSuppression = verb({
  permission: 'suppression:read',
  input: suppressionInput,
  output: suppressionSchema,
  run: async (ctx, choice) => {
    const filter = { ...toFilter(ctx, 'suppression:read', choice), activeAt: ctx.now() }
    return toSuppressionWire(orNotFound(await findSuppression(ctx.db, scopeOf(ctx), filter), 'suppression'))
  },
})
