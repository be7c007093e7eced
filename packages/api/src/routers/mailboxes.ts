import * as mailbox from '../services/mailbox/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Mailboxes'

export const mailboxes = t.router({
  list: list(mailbox.listMailboxes, { path: '/mailboxes', tag, summary: 'List mailboxes' }),

  create: mutation(mailbox.createMailbox, {
    method: 'POST',
    path: '/mailboxes',
    tag,
    summary: 'Add a mailbox',
    status: 201,
  }),

  get: query(mailbox.getMailbox, { path: '/mailboxes/{id}', tag, summary: 'Get a mailbox' }),

  update: mutation(mailbox.updateMailbox, {
    method: 'PATCH',
    path: '/mailboxes/{id}',
    tag,
    summary: 'Change a mailbox',
  }),

  remove: mutation(mailbox.removeMailbox, {
    method: 'DELETE',
    path: '/mailboxes/{id}',
    tag,
    summary: 'Remove a mailbox',
  }),
})
