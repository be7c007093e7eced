import { findPause, resumeMail } from '@mairust/db/queries/delivery-pause'
import { requireRole } from '../../access/index.ts'
import { orNotFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { pauseInput, pauseSchema } from './control-schemas.ts'
import { requirePausable, toPauseWire } from './pause-scope.ts'

/**
 * Ends a pause. It answers with what was paused.
 * @throws AppError FORBIDDEN, also when a higher role paused it, VALIDATION_ERROR, NOT_FOUND when it is not paused
 */
export const resumeQueue = verb({
  permission: 'queue:manage',
  input: pauseInput,
  output: pauseSchema,
  audit: 'queue.resume',
  run: (ctx, wanted, commit) =>
    commit(async (tx) => {
      const key = await requirePausable(tx, ctx, wanted)
      const row = orNotFound(await findPause(tx, key), 'pause')
      requireRole(ctx, row.byRole)
      await resumeMail(tx, ctx.changes, key)
      const before = toPauseWire(ctx, row)
      return recorded(before, { targetId: before.value, before })
    }),
})
