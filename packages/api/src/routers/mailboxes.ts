import * as mailbox from '../services/mailbox/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Mailboxes'

export const mailboxes = t.router({
  list: procedure('mailbox:read', { method: 'GET', path: '/mailboxes', tag, summary: 'List mailboxes' })
    .input(mailbox.listMailboxesInput)
    .output(listOutput(mailbox.mailboxSchema))
    .query(({ ctx, input }) => mailbox.listMailboxes({ ctx: ctx.service, input })),

  create: procedure('mailbox:write', { method: 'POST', path: '/mailboxes', tag, summary: 'Add a mailbox', status: 201 })
    .input(mailbox.createMailboxInput)
    .output(one(mailbox.mailboxSchema))
    .mutation(async ({ ctx, input }) => ({ data: await mailbox.createMailbox({ ctx: ctx.service, input }) })),

  get: procedure('mailbox:read', { method: 'GET', path: '/mailboxes/{id}', tag, summary: 'Get a mailbox' })
    .input(mailbox.mailboxIdInput)
    .output(one(mailbox.mailboxSchema))
    .query(async ({ ctx, input }) => ({ data: await mailbox.getMailbox({ ctx: ctx.service, input }) })),

  update: procedure('mailbox:write', { method: 'PATCH', path: '/mailboxes/{id}', tag, summary: 'Change a mailbox' })
    .input(mailbox.updateMailboxInput)
    .output(one(mailbox.mailboxSchema))
    .mutation(async ({ ctx, input }) => ({ data: await mailbox.updateMailbox({ ctx: ctx.service, input }) })),

  remove: procedure('mailbox:write', { method: 'DELETE', path: '/mailboxes/{id}', tag, summary: 'Remove a mailbox' })
    .input(mailbox.mailboxIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await mailbox.removeMailbox({ ctx: ctx.service, input })
      return deleted(input.id)
    }),
})
