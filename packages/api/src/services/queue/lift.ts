import { changeSite, findSite } from '@mairust/db/queries/delivery-site'
import { lifted, type SiteState } from '@mairust/mail-core/outbound'
import type { z } from 'zod'
import { notFound, orNotFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { liftedSchema, liftThrottleInput } from './control-schemas.ts'
import { throttlesOf } from './throttle-wire.ts'

/**
 * Undoes the throttles of a site that have a cause: its mail goes as if there had been no such answer, until there is another one.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, NOT_FOUND when there is none
 */
export const liftThrottle = verb({
  permission: 'queue:operate',
  input: liftThrottleInput,
  output: liftedSchema,
  audit: { action: 'throttle.lift', target: 'site' },
  run: (ctx, which, commit) =>
    commit(async (tx) => {
      const { site: key, cause, source } = which
      const site = orNotFound(await findSite(tx, key), 'throttle')
      const throttles = throttlesOf(site, ctx.now()).filter(
        (one) => one.cause === cause && (source === undefined || one.source === source),
      )
      if (throttles.length === 0) throw notFound('throttle')
      await changeSite(tx, ctx.changes, key, (state) => without(state, which))
      return recorded({ lifted: throttles.length }, { targetId: key, before: { throttles } })
    }),
})

const without = (state: SiteState, { cause, source }: z.output<typeof liftThrottleInput>): SiteState =>
  cause === 'dead'
    ? { ...state, dead: null, failedPlans: 0 }
    : lifted(state, (each) => each.cause === cause && (source === undefined || each.scope.source === source))
