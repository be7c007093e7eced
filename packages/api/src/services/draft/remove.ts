import { removeBlobs } from '@mairust/db/blob'
import { removal, verb } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { purgeMessages } from '../message/purge.ts'
import { changeMessages } from '../message/transact.ts'
import { asDraft } from './internal.ts'
import { draftIdInput } from './schemas.ts'

/**
 * Removes a draft for good, wherever it is.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeDraft = verb({
  permission: 'message:write',
  input: draftIdInput,
  output: removalSchema,
  audit: { action: 'draft.remove', target: 'mailbox' },
  run: async (ctx, { id }, commit) => {
    const unreferenced = await changeMessages(ctx, commit, [id], async (tx, [found]) => {
      const row = asDraft(found)
      return { result: await purgeMessages(tx, [row]), changed: [row], audited: 'draft.remove' }
    })
    await removeBlobs(ctx, unreferenced)
    return removal(id)
  },
})
