import { listSuppressionRows } from '@mairust/db/queries/suppression'
import { z } from 'zod'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, listOutput, toPage } from '../../wire/index.ts'
import { toFilter, toSuppressionWire } from './internal.ts'
import { listSuppressionsInput, suppressionSchema } from './schemas.ts'

const cursorSchema = z.tuple([id('sup')])

/**
 * Suppressed addresses, oldest first; those that have ended are left out. `q` matches part of an address.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listSuppressions = verb({
  permission: 'suppression:read',
  input: listSuppressionsInput,
  output: listOutput(suppressionSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, q, reason, ...choice }) => {
    const filter = { ...toFilter(ctx, 'suppression:read', choice), reason, activeAt: ctx.now() }
    const page = { limit: limit + 1, after: decodeCursor(cursorSchema, cursor)?.[0], contains: q }
    const rows = await listSuppressionRows(ctx.db, scopeOf(ctx), filter, page)
    return toPage(rows, limit, toSuppressionWire, (row) => [row.id])
  },
})
