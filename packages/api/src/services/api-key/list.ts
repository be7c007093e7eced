import { listApiKeyRows } from '@mairust/db/queries/api-key'
import { z } from 'zod'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toApiKeyWires } from './internal.ts'
import { listApiKeysInput, apiKeySchema } from './schemas.ts'

const cursorSchema = z.tuple([id('key')])

/**
 * The tenant's API keys, oldest first.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listApiKeys = verb({
  permission: 'api_key:read',
  input: listApiKeysInput,
  output: listOutput(apiKeySchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor }) => {
    const rows = await listApiKeyRows(ctx.db, scopeOf(ctx), {
      limit: limit + 1,
      after: decodeCursor(cursorSchema, cursor)?.[0],
    })
    const { data, pagination } = toPage(
      rows,
      limit,
      (row) => row,
      (row) => [row.id],
    )
    return { data: await toApiKeyWires(ctx.db, ctx, data), pagination }
  },
})
