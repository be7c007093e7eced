import { deliveryVerb } from './act.ts'

/**
 * Gives a delivery up, and returns it to its sender.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT while it is tried, or when it has ended
 */
export const bounceDelivery = deliveryVerb('bounce')
