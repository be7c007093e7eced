import { listPauses } from '@mairust/db/queries/delivery-pause'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { accessScope, scopeHoldsUser } from '../../access/index.ts'
import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { pausesSchema } from './control-schemas.ts'
import { managesTenant, toPauseWire } from './pause-scope.ts'

/**
 * What holds up the mail that the actor administers, pauses of the whole installation included.
 * @throws AppError FORBIDDEN
 */
export const getQueuePauses = verb({
  permission: 'queue:manage',
  input: nothing,
  output: pausesSchema,
  run: async (ctx) => {
    const { tenantId } = ctx.actor
    const scope = accessScope(ctx, 'queue:manage')
    const rows = (await listPauses(ctx.db)).filter((row) => {
      if (row.tenantId === SYSTEM_TENANT) return true
      if (row.tenantId !== tenantId) return false
      return row.scope === 'tenant' || managesTenant(ctx) || scopeHoldsUser(scope, row.value)
    })
    return { pauses: rows.map((row) => toPauseWire(ctx, row)) }
  },
})
