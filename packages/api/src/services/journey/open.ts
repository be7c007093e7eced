import { findJourney, messagesOfJourney } from '@mairust/db/queries/journey'
import { canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { LIMITS } from '../../contract/limits.ts'
import { toJourneyWires } from './internal.ts'
import type { JourneyDetailWire } from './schemas.ts'
import { journeyScope } from './scope.ts'

/**
 * A journey with the result for each recipient, as far as the actor may see it.
 * @throws AppError NOT_FOUND
 */
export const openJourney = async (ctx: ServiceContext, id: string): Promise<JourneyDetailWire> => {
  const scope = await journeyScope(ctx)
  const row = await findJourney(ctx.db, scope, id)
  if (row === null) throw notFound('journey')
  const [[visible], messages] = await Promise.all([
    toJourneyWires(ctx.db, scope, [row], LIMITS.journey.alone),
    messagesOfJourney(ctx.db, scopeOf(ctx), id),
  ])
  if (visible === undefined) throw notFound('journey')
  return {
    ...visible.wire,
    recipients: visible.recipients.map(({ address, status, reply, reason }) => ({
      address,
      status,
      reply,
      reason: reason === '' ? null : reason,
    })),
    message_ids: messages
      .filter(({ mailboxId }) => canSeeMailbox(ctx, 'journey:read', mailboxId))
      .map(({ id: message }) => message),
  }
}
