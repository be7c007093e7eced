import { listJourneys as listRows } from '@mairust/db/queries/journey'
import { normaliseAddress } from '@mairust/mail-core/address'
import { canonicalIp } from '@mairust/mail-core/inbound'
import { toStoredMessageId } from '@mairust/mail-core/message'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { cursorTime, decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { LIMITS } from '../../contract/limits.ts'
import { readApart } from '../read-apart.ts'
import { toJourneyWires } from './internal.ts'
import { journeyScope } from './scope.ts'
import { listJourneysInput, journeySchema } from './schemas.ts'

/** Whoever sees few of many journeys, or filters them, has all looked through. */
const SHORTER = {
  field: 'after',
  reason: 'must be given, as this takes too long otherwise: look through a shorter time.',
}

const cursorSchema = z.tuple([cursorTime(), id('jrn')])

/**
 * Journeys the actor may see, newest first. `message_id` is our id (`msg_…`) or the Message-ID in the header.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listJourneys = verb({
  permission: 'journey:read',
  input: listJourneysInput,
  output: listOutput(journeySchema),
  run: async (
    ctx,
    {
      limit = DEFAULT_LIMIT,
      cursor,
      address,
      message_id: messageId,
      after,
      before,
      remote_address: remoteAddress,
      ...exact
    },
  ) => {
    const position = decodeCursor(cursorSchema, cursor)
    const scope = await journeyScope(ctx)
    const filter = {
      ...exact,
      address: address === undefined ? undefined : (normaliseAddress(address) ?? address.toLowerCase()),
      message: messageId === undefined ? undefined : toStoredMessageId(messageId.replace(/^<|>$/g, '')),
      remoteAddress: remoteAddress === undefined ? undefined : canonicalIp(remoteAddress),
      after: after === undefined ? undefined : new Date(after),
      before: before === undefined ? undefined : new Date(before),
    }
    const page = {
      limit: limit + 1,
      after: position === null ? undefined : { startedAt: new Date(position[0]), id: position[1] },
    }
    const rows = await readApart(ctx, SHORTER, (db) => listRows(db, scope, filter, page))
    const { data, pagination } = toPage(
      rows,
      limit,
      (row) => row,
      (row) => [row.startedAt.getTime(), row.id],
    )
    const wires = await toJourneyWires(ctx.db, scope, data, LIMITS.journey.inList)
    return { data: wires.map(({ wire }) => wire), pagination }
  },
})
