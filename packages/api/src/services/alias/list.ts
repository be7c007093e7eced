import { listAliasRows } from '@mairust/db/queries/alias'
import { intersectIds } from '@mairust/db/queries/id-set'
import { z } from 'zod'
import { accessScope } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toAliasWire } from './internal.ts'
import { listAliasesInput, aliasSchema } from './schemas.ts'

const cursorSchema = z.tuple([id('als')])

/**
 * Aliases, oldest first. `q` matches part of an address.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listAliases = verb({
  permission: 'alias:read',
  input: listAliasesInput,
  output: listOutput(aliasSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, q, domain_id: domainId }) => {
    const { domainIds } = accessScope(ctx, 'alias:read')
    const rows = await listAliasRows(ctx.db, scopeOf(ctx), {
      limit: limit + 1,
      after: decodeCursor(cursorSchema, cursor)?.[0],
      contains: q,
      domainIds: domainId === undefined ? domainIds : intersectIds(domainIds, [domainId]),
    })
    return toPage(rows, limit, toAliasWire, (row) => [row.id])
  },
})
