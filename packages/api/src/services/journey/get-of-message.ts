import { verb } from '../../verb/index.ts'
import { requireMessage } from '../message/internal.ts'
import { messageIdInput } from '../message/schemas.ts'
import { journeyDetailSchema } from './schemas.ts'
import { openJourney } from './open.ts'

/**
 * The journey by which a message arrived.
 * @throws AppError FORBIDDEN, NOT_FOUND for the message, or if its journey was pruned
 */
export const getMessageJourney = verb({
  permission: 'journey:read',
  input: messageIdInput,
  output: journeyDetailSchema,
  run: async (ctx, { id }) => openJourney(ctx, (await requireMessage(ctx.db, ctx, id, 'journey:read')).journeyId),
})
