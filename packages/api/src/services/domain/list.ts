import { listDomainRows } from '@mairust/db/queries/domain'
import { z } from 'zod'
import { accessScope } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toDomainWire } from './internal.ts'
import { listDomainsInput, domainSchema } from './schemas.ts'

const cursorSchema = z.tuple([id('dom')])

/**
 * Domains, oldest first. `q` matches part of a name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listDomains = verb({
  permission: 'domain:read',
  input: listDomainsInput,
  output: listOutput(domainSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, q }) => {
    const rows = await listDomainRows(ctx.db, scopeOf(ctx), {
      limit: limit + 1,
      after: decodeCursor(cursorSchema, cursor)?.[0],
      contains: q,
      ids: accessScope(ctx, 'domain:read').domainIds,
    })
    return toPage(rows, limit, toDomainWire, (row) => [row.id])
  },
})
