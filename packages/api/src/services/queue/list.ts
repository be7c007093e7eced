import { listDeliveries } from '@mairust/db/queries/delivery'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, listOutput, toPage } from '../../wire/index.ts'
import { readApart } from '../read-apart.ts'
import { toDeliveryWire, toFilter } from './internal.ts'
import { deliverySchema, listQueueInput } from './schemas.ts'
import { deliveryView } from './view.ts'

const cursorSchema = z.tuple([id('dlv')])
const NARROWER = { field: 'journey_id', reason: 'or `recipient` must be given, as this takes too long otherwise.' }

/**
 * Deliveries to other servers that the actor may see, newest first, with those that have ended.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listQueue = verb({
  permission: 'queue:read',
  input: listQueueInput,
  output: listOutput(deliverySchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, ...filter }) => {
    const after = decodeCursor(cursorSchema, cursor)?.[0]
    const view = await deliveryView(ctx, 'queue:read')
    const rows = await readApart(ctx, NARROWER, (db) =>
      listDeliveries(db, view, toFilter(filter), { limit: limit + 1, after }),
    )
    return toPage(rows, limit, toDeliveryWire, (row) => [row.id])
  },
})
