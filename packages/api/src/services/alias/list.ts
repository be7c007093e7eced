import { listAliasRows } from '@mairust/db/queries/alias'
import { intersectIds } from '@mairust/db/queries/id-set'
import { z } from 'zod'
import { accessScope, requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, id, parseInput, toPage, type Page } from '../../wire/index.ts'
import { toAliasWire } from './internal.ts'
import { listAliasesInput, type AliasWire } from './schemas.ts'

const cursorSchema = z.tuple([id('als')])

/**
 * Aliases, oldest first. `q` finds part of an address.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listAliases = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listAliasesInput>
}): Promise<Page<AliasWire>> => {
  requirePermission(ctx, 'alias:read')
  const { limit = DEFAULT_LIMIT, cursor, q, domain_id: domainId } = parseInput(listAliasesInput, input)
  const { domainIds } = accessScope(ctx, 'alias:read')
  const rows = await listAliasRows(ctx.db, scopeOf(ctx), {
    limit: limit + 1,
    after: decodeCursor(cursorSchema, cursor)?.[0],
    contains: q,
    domainIds: domainId === undefined ? domainIds : intersectIds(domainIds, [domainId]),
  })
  return toPage(rows, limit, toAliasWire, (row) => [row.id])
}
