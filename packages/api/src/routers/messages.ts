import * as journey from '../services/journey/index.ts'
import * as message from '../services/message/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Messages'

export const messages = t.router({
  list: list(message.listMessages, {
    path: '/messages',
    tag,
    summary: 'List and search messages',
    description:
      'Newest first. Trash, junk and quarantine are left out unless `folder` or `in:` names one. `q` takes words, `"exact phrase"`, `-not`, and from:, to:, subject:, has:attachment, before:, after:, tag:, in:, is:unread, is:read, is:starred.',
  }),

  batch: mutation(message.batchMessages, {
    method: 'POST',
    path: '/messages/batch',
    tag,
    summary: 'Change up to 1000 messages at once',
  }),

  get: query(message.getMessage, {
    path: '/messages/{id}',
    tag,
    summary: 'Get a message with its content',
    // Not the detail: its HTML has links that expire, and the rest of it never changes.
    etagOf: message.messageSchema,
  }),

  update: mutation(message.updateMessage, {
    method: 'PATCH',
    path: '/messages/{id}',
    tag,
    summary: 'Set flags and tags of a message',
  }),

  remove: mutation(message.removeMessage, {
    method: 'DELETE',
    path: '/messages/{id}',
    tag,
    summary: 'Move a message to Trash, or remove it permanently',
    description: 'With `permanent=true`, or if the message is in Trash already, it is removed permanently.',
  }),

  move: mutation(message.moveMessage, {
    method: 'POST',
    path: '/messages/{id}/move',
    tag,
    summary: 'Move a message to another folder',
    description: '`folder` is the id, role or name of a folder of the same mailbox.',
  }),

  restore: mutation(message.restoreMessage, {
    method: 'POST',
    path: '/messages/{id}/restore',
    tag,
    summary: 'Move a message from Trash back to where it was',
  }),

  journey: query(journey.getMessageJourney, {
    path: '/messages/{id}/journey',
    tag,
    summary: 'Get the journey by which a message arrived',
  }),
})
