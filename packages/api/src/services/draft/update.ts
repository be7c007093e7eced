import { unreferencedBlobs } from '@mairust/db/queries/blob-holders'
import { findMessage } from '@mairust/db/queries/message'
import { replaceMessage } from '@mairust/db/queries/message-replace'
import { removeBlobs } from '@mairust/db/blob'
import type { DraftChanges } from '@mairust/intake/drafts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { type Commit, verb } from '../../verb/index.ts'
import { type IdOnly, orIdOnly } from '../../wire/index.ts'
import { changeMessages } from '../message/transact.ts'
import { SavedAnewError } from '../message/stored.ts'
import { opener } from './answer.ts'
import { withObjects } from '../with-objects.ts'
import { composeDraft } from './compose.ts'
import { mailboxFull } from './create.ts'
import { asDraft, requireDraft, toChanges } from './internal.ts'
import { draftSchema, type DraftWire, updateDraftInput } from './schemas.ts'

/** How often a draft is written anew because somebody else was faster. */
const ATTEMPTS = 8

/**
 * Changes what is given of a draft and keeps the rest: other fields, attachments, flags, tags, folder and conversation. Of several changes
 * at once none is lost unless they change the same field; then the last one counts.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the mailbox is full or the draft cannot be read,
 * PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const updateDraft = verb({
  permission: 'message:write',
  input: updateDraftInput,
  output: orIdOnly(draftSchema),
  audit: { action: 'draft.update', target: 'mailbox' },
  run: async (ctx, { id, ...input }, commit) => {
    const changes = toChanges(input)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const done = await tryUpdate(ctx, commit, id, changes).catch((error: unknown) => {
        if (error instanceof SavedAnewError) return null
        throw error
      })
      if (done === null) continue
      await removeBlobs(ctx, done.unreferenced)
      return done.answer
    }
    throw new AppError('CONFLICT', 'This draft is being changed by somebody else. Try again.', { retryAfter: 1 })
  },
})

/** Changes a draft; null when it has become another since it was read. */
const tryUpdate = async (
  ctx: ServiceContext,
  commit: Commit<'draft.update'>,
  id: string,
  changes: DraftChanges,
): Promise<{ answer: DraftWire | IdOnly; unreferenced: string[] } | null> => {
  const base = await requireDraft(ctx, id, 'message:write')
  const composed = await composeDraft(ctx, base, changes)
  return withObjects(ctx, [composed.object.blobKey], async (reached) => {
    const answer = await opener(ctx, base.mailboxId, composed)
    const done = await changeMessages(ctx, commit, [id], async (tx, [found]) => {
      const row = asDraft(found)
      if (row.blobKey !== base.blobKey) return { result: null, changed: [], audited: null }
      const receivedAt = new Date(Math.max(ctx.now().getTime(), row.receivedAt.getTime() + 1))
      if (!(await replaceMessage(tx, row, { ...composed, receivedAt }))) throw mailboxFull()
      const scope = { ...scopeOf(ctx), mailboxIds: [row.mailboxId] }
      const told = await answer(tx, asDraft(await findMessage(tx, scope, id)))
      const unreferenced = await unreferencedBlobs(tx, [row.blobKey])
      reached()
      return { result: { answer: told, unreferenced }, changed: [row], audited: 'draft.update' }
    })
    if (done === null) await removeBlobs(ctx, [composed.object.blobKey])
    return done
  })
}
