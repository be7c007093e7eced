import * as draft from '../services/draft/index.ts'
import { messageSchema } from '../services/message/index.ts'
import { sendDraft, unscheduleDraft } from '../services/send/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Drafts'

export const drafts = t.router({
  list: list(draft.listDrafts, {
    path: '/drafts',
    tag,
    summary: 'List drafts',
    description: 'The last one saved first. Drafts in Trash, junk and quarantine are left out.',
  }),

  create: mutation(draft.createDraft, {
    method: 'POST',
    path: '/drafts',
    tag,
    summary: 'Save a new draft',
    description:
      'Every field may be left out. The draft goes to `mailbox`, else to the mailbox whose address `from` is, else to your only one. `from` may be any address; whether you may send as it is checked when the draft is sent.',
    status: 201,
    bodyLimit: 'message',
    reread: (ctx, id) => draft.getDraft(ctx, { id }),
  }),

  get: query(draft.getDraft, {
    path: '/drafts/{id}',
    tag,
    summary: 'Open a draft to go on writing',
    // Every change of the rest also changes when it was saved.
    etagOf: messageSchema,
  }),

  update: mutation(draft.updateDraft, {
    method: 'PATCH',
    path: '/drafts/{id}',
    tag,
    summary: 'Change a draft',
    description:
      'Fields that are left out stay as they are. `attachments` replaces them all: `{ "index": 0 }` keeps the file that has this index in the draft now.',
    bodyLimit: 'message',
  }),

  send: mutation(sendDraft, {
    method: 'POST',
    path: '/drafts/{id}/send',
    tag,
    summary: 'Send a draft',
    description:
      'To all whom it names. It leaves Drafts, and a copy goes to Sent unless `save_copy` is false. If one recipient cannot get it, ' +
      'nothing is sent and the draft stays. With `send_at` it is sent then, in place of any other time that it had.',
    status: 202,
  }),

  unschedule: mutation(unscheduleDraft, {
    method: 'POST',
    path: '/drafts/{id}/unschedule',
    tag,
    summary: 'Keep a scheduled draft from being sent',
    description: 'The draft stays.',
  }),

  remove: mutation(draft.removeDraft, {
    method: 'DELETE',
    path: '/drafts/{id}',
    tag,
    summary: 'Remove a draft for good',
  }),
})
