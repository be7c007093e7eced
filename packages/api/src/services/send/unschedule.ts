import { findMessage } from '@mairust/db/queries/message'
import { recorded, verb } from '../../verb/index.ts'
import { asDraft } from '../draft/internal.ts'
import { draftIdInput } from '../draft/schemas.ts'
import { mailScope } from '../message/internal.ts'
import { unplan } from './schedule.ts'
import { NOT_AUDITED, unscheduledSchema } from './schemas.ts'

/**
 * Keeps a scheduled message from being sent; its draft stays.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT when it is not scheduled
 */
export const unscheduleDraft = verb({
  permission: 'message:send',
  input: draftIdInput,
  output: unscheduledSchema,
  audit: NOT_AUDITED,
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      asDraft(await findMessage(tx, mailScope(ctx, 'message:send'), id))
      await unplan(tx, id)
      return recorded({ id, scheduled: false as const })
    }),
})
