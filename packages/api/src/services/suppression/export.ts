import { listSuppressionRows, type SuppressionRow } from '@mairust/db/queries/suppression'
import { z } from 'zod'
import { LIMITS } from '../../contract/limits.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, id, listOutput, toPage, wireTimeOrNull } from '../../wire/index.ts'
import { within } from './internal.ts'
import { exportedSchema, exportSuppressionsInput } from './schemas.ts'

const cursorSchema = z.tuple([id('sup')])

const toExported = ({ address, scope, value, reason, expiresAt }: SuppressionRow): z.output<typeof exportedSchema> => ({
  address,
  scope,
  ...(scope === 'all' ? {} : { [scope]: value }),
  reason,
  expires_at: wireTimeOrNull(expiresAt),
})

/**
 * The suppression list in the form that it is imported in, 1000 at a time.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const exportSuppressions = verb({
  permission: 'suppression:read',
  input: exportSuppressionsInput,
  output: listOutput(exportedSchema),
  run: async (ctx, { cursor }) => {
    const filter = { ...within(ctx, 'suppression:read'), activeAt: ctx.now() }
    const page = { limit: LIMITS.batch + 1, after: decodeCursor(cursorSchema, cursor)?.[0] }
    const rows = await listSuppressionRows(ctx.db, scopeOf(ctx), filter, page)
    return toPage(rows, LIMITS.batch, toExported, (row) => [row.id])
  },
})
