import * as journey from '../services/journey/index.ts'
import * as message from '../services/message/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { changed, deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Messages'

export const messages = t.router({
  list: procedure('message:read', {
    method: 'GET',
    path: '/messages',
    tag,
    summary: 'List and search messages',
    description:
      'Newest first. Trash, junk and quarantine are left out unless `folder` or `in:` names one. `q` takes words, `"exact phrase"`, `-not`, and from:, to:, subject:, has:attachment, before:, after:, tag:, in:, is:unread, is:read, is:starred.',
  })
    .input(message.listMessagesInput)
    .output(listOutput(message.messageSchema))
    .query(({ ctx, input }) => message.listMessages({ ctx: ctx.service, input })),

  batch: procedure('message:write', {
    method: 'POST',
    path: '/messages/batch',
    tag,
    summary: 'Change up to 1000 messages at once',
  })
    .input(message.batchMessagesInput)
    .output(one(message.batchResultSchema))
    .mutation(async ({ ctx, input }) => ({ data: await message.batchMessages({ ctx: ctx.service, input }) })),

  get: procedure('message:read', {
    method: 'GET',
    path: '/messages/{id}',
    tag,
    summary: 'Open a message',
    // The HTML has links that end, and the rest never changes.
    etagOf: message.messageSchema,
  })
    .input(message.messageIdInput)
    .output(one(message.messageDetailSchema))
    .query(async ({ ctx, input }) => ({ data: await message.getMessage({ ctx: ctx.service, input }) })),

  update: procedure('message:write', {
    method: 'PATCH',
    path: '/messages/{id}',
    tag,
    summary: 'Set flags and tags of a message',
  })
    .input(message.updateMessageInput)
    .output(changed(message.messageSchema))
    .mutation(async ({ ctx, input }) => ({ data: await message.updateMessage({ ctx: ctx.service, input }) })),

  remove: procedure('message:write', {
    method: 'DELETE',
    path: '/messages/{id}',
    tag,
    summary: 'Move a message to Trash, or remove it for good',
    description: 'A message that is in Trash already, or with `permanent=true`, is removed for good.',
  })
    .input(message.removeMessageInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await message.removeMessage({ ctx: ctx.service, input })
      return deleted(input.id)
    }),

  move: procedure('message:write', {
    method: 'POST',
    path: '/messages/{id}/move',
    tag,
    summary: 'Move a message to another folder',
    description: '`folder` is the id, role or name of a folder of the same mailbox.',
  })
    .input(message.moveMessageInput)
    .output(changed(message.messageSchema))
    .mutation(async ({ ctx, input }) => ({ data: await message.moveMessage({ ctx: ctx.service, input }) })),

  restore: procedure('message:write', {
    method: 'POST',
    path: '/messages/{id}/restore',
    tag,
    summary: 'Put a message from Trash back to where it was',
  })
    .input(message.messageIdInput)
    .output(changed(message.messageSchema))
    .mutation(async ({ ctx, input }) => ({ data: await message.restoreMessage({ ctx: ctx.service, input }) })),

  journey: procedure('journey:read', {
    method: 'GET',
    path: '/messages/{id}/journey',
    tag,
    summary: 'Show how a message came here',
  })
    .input(message.messageIdInput)
    .output(one(journey.journeyDetailSchema))
    .query(async ({ ctx, input }) => ({ data: await journey.getMessageJourney({ ctx: ctx.service, input }) })),
})
