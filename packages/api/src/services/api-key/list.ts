import { listApiKeyRows } from '@mairust/db/queries/api-key'
import { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, id, parseInput, toPage, type Page } from '../../wire/index.ts'
import { toApiKeyWires } from './internal.ts'
import { listApiKeysInput, type ApiKeyWire } from './schemas.ts'

const cursorSchema = z.tuple([id('key')])

/**
 * The tenant's API keys, oldest first.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listApiKeys = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listApiKeysInput>
}): Promise<Page<ApiKeyWire>> => {
  requirePermission(ctx, 'api_key:read')
  const { limit = DEFAULT_LIMIT, cursor } = parseInput(listApiKeysInput, input)
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
}
