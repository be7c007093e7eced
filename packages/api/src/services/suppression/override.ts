import { allowPass } from '@mairust/db/queries/suppression'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { toFilter, toSuppressionWire } from './internal.ts'
import { overrideSchema, overrideSuppressionInput } from './schemas.ts'

const USUAL_HOURS = 24
const HOUR = 3_600_000

/**
 * Lets the next message to a suppressed address through, once; the address stays suppressed. The journey of that message tells it.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const overrideSuppression = verb({
  permission: 'suppression:write',
  input: overrideSuppressionInput,
  output: overrideSchema,
  audit: 'suppression.override',
  run: (ctx, { hours = USUAL_HOURS, ...choice }, commit) =>
    commit(async (tx) => {
      const now = ctx.now()
      const filter = { ...toFilter(ctx, 'suppression:write', choice), activeAt: now }
      const pass = { until: new Date(now.getTime() + hours * HOUR), by: ctx.actor.name }
      const rows = await allowPass(tx, scopeOf(ctx), filter, pass)
      if (rows.length === 0) throw notFound('suppression')
      const suppressions = rows.map(toSuppressionWire)
      return recorded({ suppressions }, ...suppressions.map((after) => ({ targetId: after.id, after })))
    }),
})
