import { verb } from '../../verb/index.ts'
import { journeyIdInput, journeyDetailSchema } from './schemas.ts'
import { openJourney } from './open.ts'

/**
 * One journey with the result for each recipient.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getJourney = verb({
  permission: 'journey:read',
  input: journeyIdInput,
  output: journeyDetailSchema,
  run: (ctx, { id }) => openJourney(ctx, id),
})
