import { deliveryVerb } from './act.ts'

/**
 * Tries a delivery now that waits for its next attempt.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it is tried, held, or when it has ended
 */
export const retryDelivery = deliveryVerb('retry')
