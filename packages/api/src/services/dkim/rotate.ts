import { listDkimKeyRows } from '@mairust/db/queries/dkim-key'
import { lockDomain } from '@mairust/db/queries/domain'
import { scopeOf } from '../../context.ts'
import { recorded, unchanged, verb } from '../../verb/index.ts'
import { requireDomain } from '../domain/internal.ts'
import { makeDkimKeys, storeDkimKeys, toAuditForm, toDkimKeyWire, withoutPending } from './internal.ts'
import { dkimKeyListSchema, rotateDkimKeysInput } from './schemas.ts'

/**
 * Gives a domain new keys beside those that sign. Each signs once its record is in DNS; the one before it then stays published until
 * its signatures have expired. An algorithm whose key is still pending gets no other one.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const rotateDkimKeys = verb({
  permission: 'domain:write',
  input: rotateDkimKeysInput,
  output: dkimKeyListSchema,
  audit: 'domain.rotate_dkim',
  notify: ['domains'],
  run: async (ctx, { id }, commit) => {
    await requireDomain(ctx.db, ctx, 'domain:write', id)
    // Making keys is dear: none is made to be thrown away.
    const made = await makeDkimKeys(withoutPending(await listDkimKeyRows(ctx.db, scopeOf(ctx), id)))
    return commit(async (tx) => {
      const { name } = await requireDomain(tx, ctx, 'domain:write', id, lockDomain)
      const before = await listDkimKeyRows(tx, scopeOf(ctx), id)
      const lacking = withoutPending(before)
      const wanted = made.filter(({ algorithm }) => lacking.includes(algorithm))
      const after = [...before, ...(await storeDkimKeys(tx, ctx, scopeOf(ctx), id, wanted))]
      const answer = { keys: after.map(toDkimKeyWire(name)) }
      if (wanted.length === 0) return unchanged(answer)
      return recorded(answer, { targetId: id, before: toAuditForm(name, before), after: toAuditForm(name, after) })
    })
  },
})
