import { listDkimKeyRows } from '@mairust/db/queries/dkim-key'
import { lockDomain } from '@mairust/db/queries/domain'
import { scopeOf } from '../../context.ts'
import { recorded, unchanged, verb } from '../../verb/index.ts'
import { requireDomain } from '../domain/internal.ts'
import { applyKeySteps } from './apply.ts'
import { toAuditForm, toDkimKeyWire } from './internal.ts'
import { lookForKeys } from './look.ts'
import { activateDkimKeysInput, dkimKeyListSchema } from './schemas.ts'

/**
 * Looks up the records of a domain's pending keys now, and lets those sign that are published; with `force` all of them. The server
 * does the same by itself every few minutes.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const activateDkimKeys = verb({
  permission: 'domain:write',
  input: activateDkimKeysInput,
  output: dkimKeyListSchema,
  audit: 'domain.activate_dkim',
  notify: ['domains'],
  run: async (ctx, { id, force = false }, commit) => {
    const { name } = await requireDomain(ctx.db, ctx, 'domain:write', id)
    const keys = await listDkimKeyRows(ctx.db, scopeOf(ctx), id)
    const sightings = force
      ? new Map(keys.map((key) => [key.id, 'published' as const]))
      : await lookForKeys(ctx.openResolver(), name, keys)
    return commit(async (tx) => {
      await requireDomain(tx, ctx, 'domain:write', id, lockDomain)
      const { before, after, isChanged } = await applyKeySteps(tx, ctx, scopeOf(ctx), id, sightings)
      const answer = { keys: after.map(toDkimKeyWire(name)) }
      if (!isChanged) return unchanged(answer)
      return recorded(answer, { targetId: id, before: toAuditForm(name, before), after: toAuditForm(name, after) })
    })
  },
})
