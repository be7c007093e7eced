import { listDkimKeyRows } from '@mairust/db/queries/dkim-key'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { pageOf } from '../../wire/index.ts'
import { requireDomain } from '../domain/internal.ts'
import { toDkimKeyWire } from './internal.ts'
import { dkimKeysSchema, listDkimKeysInput } from './schemas.ts'

/**
 * The keys that sign the mail of a domain, oldest first.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const listDkimKeys = verb({
  permission: 'domain:read',
  input: listDkimKeysInput,
  output: dkimKeysSchema,
  run: async (ctx, wanted) => {
    const { id, name } = await requireDomain(ctx.db, ctx, 'domain:read', wanted.id)
    const rows = await listDkimKeyRows(ctx.db, scopeOf(ctx), id)
    return pageOf(rows, wanted, toDkimKeyWire(name), (row, at) => [at, row.id])
  },
})
