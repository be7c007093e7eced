import { attemptsOf } from '@mairust/db/queries/delivery'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { orNull, requireDelivery, toAttemptWire, toDeliveryWire } from './internal.ts'
import { deliveryDetailSchema, deliveryIdInput } from './schemas.ts'
import { deliveryView } from './view.ts'

const MAX_HISTORY = 100

/**
 * A delivery with its attempts.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getDelivery = verb({
  permission: 'queue:read',
  input: deliveryIdInput,
  output: deliveryDetailSchema,
  run: async (ctx, { id }) => {
    const row = await requireDelivery(ctx.db, await deliveryView(ctx, 'queue:read'), id)
    const attempts = await attemptsOf(ctx.db, scopeOf(ctx), id)
    const history = attempts.slice(-MAX_HISTORY).map(toAttemptWire)
    return { ...toDeliveryWire(row), reason: orNull(row.reason), history }
  },
})
