import { findJourney, messagesOfJourney } from '@mairust/db/queries/journey'
import type { z } from 'zod'
import { canSeeMailbox, requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMessage } from '../message/internal.ts'
import { messageIdInput } from '../message/schemas.ts'
import { toJourneyWires } from './internal.ts'
import { type JourneyDetailWire, journeyIdInput } from './schemas.ts'
import { journeyScope } from './scope.ts'

/**
 * One journey with the fate of each recipient.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getJourney = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof journeyIdInput>
}): Promise<JourneyDetailWire> => {
  requirePermission(ctx, 'journey:read')
  const { id } = parseInput(journeyIdInput, input)
  return openJourney(ctx, id)
}

/**
 * The journey by which a message came.
 * @throws AppError FORBIDDEN, NOT_FOUND for the message, or when its journey was pruned
 */
export const getMessageJourney = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof messageIdInput>
}): Promise<JourneyDetailWire> => {
  requirePermission(ctx, 'journey:read')
  const { id } = parseInput(messageIdInput, input)
  return openJourney(ctx, (await requireMessage(ctx.db, ctx, id, 'journey:read')).journeyId)
}

const openJourney = async (ctx: ServiceContext, id: string): Promise<JourneyDetailWire> => {
  const scope = await journeyScope(ctx)
  const row = await findJourney(ctx.db, scope, id)
  if (row === null) throw notFound('journey')
  const [[visible], messages] = await Promise.all([
    toJourneyWires(ctx.db, scope, [row]),
    messagesOfJourney(ctx.db, row, id),
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
