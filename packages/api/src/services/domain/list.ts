import { listDomainRows } from '@mairust/db/queries/domain'
import { z } from 'zod'
import { accessScope, requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, id, parseInput, toPage, type Page } from '../../wire/index.ts'
import { toDomainWire } from './internal.ts'
import { listDomainsInput, type DomainWire } from './schemas.ts'

const cursorSchema = z.tuple([id('dom')])

/**
 * Domains, oldest first. `q` finds part of a name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listDomains = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listDomainsInput>
}): Promise<Page<DomainWire>> => {
  requirePermission(ctx, 'domain:read')
  const { limit = DEFAULT_LIMIT, cursor, q } = parseInput(listDomainsInput, input)
  const rows = await listDomainRows(ctx.db, scopeOf(ctx), {
    limit: limit + 1,
    after: decodeCursor(cursorSchema, cursor)?.[0],
    contains: q,
    ids: accessScope(ctx, 'domain:read').domainIds,
  })
  return toPage(rows, limit, toDomainWire, (row) => [row.id])
}
