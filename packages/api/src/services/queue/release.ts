import { deliveryVerb } from './act.ts'

/**
 * Lets a held delivery be tried, at once.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT unless it is held
 */
export const releaseDelivery = deliveryVerb('release')
