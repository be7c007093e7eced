import { findPause, pauseMail } from '@mairust/db/queries/delivery-pause'
import { roleCovers } from '../../access/index.ts'
import { recorded, unchanged, verb } from '../../verb/index.ts'
import { pauseInput, pauseSchema } from './control-schemas.ts'
import { requirePausable, toPauseWire } from './pause-scope.ts'

/**
 * Stops mail from being tried until it is resumed: everything, what is for a site, what the tenant sends, or what a sender does. What is
 * being tried goes on; mail is accepted, and expires, all the same.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const pauseQueue = verb({
  permission: 'queue:manage',
  input: pauseInput,
  output: pauseSchema,
  audit: 'queue.pause',
  run: (ctx, wanted, commit) =>
    commit(async (tx) => {
      const key = await requirePausable(tx, ctx, wanted)
      const existing = await findPause(tx, key)
      const { name: by, role: byRole } = ctx.actor
      // Somebody higher makes it his own, so that it is his to end.
      if (existing !== null && roleCovers(existing.byRole, byRole)) return unchanged(toPauseWire(ctx, existing))
      const pause = { ...key, by, byRole, createdAt: ctx.now() }
      await pauseMail(tx, ctx.changes, pause)
      const after = toPauseWire(ctx, pause)
      return recorded(after, { targetId: after.value, after })
    }),
})
