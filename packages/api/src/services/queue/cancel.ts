import { deliveryVerb } from './act.ts'

/**
 * Gives a delivery up, without a bounce.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it is tried, or when it has ended
 */
export const cancelDelivery = deliveryVerb('cancel')
