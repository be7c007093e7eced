import { deliveryVerb } from './act.ts'

/**
 * Keeps a delivery from being tried until it is released.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it is tried, or when it has ended
 */
export const holdDelivery = deliveryVerb('hold')
