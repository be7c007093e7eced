import * as thread from '../services/thread/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { one } from '../wire/index.ts'

export const threads = t.router({
  get: procedure('message:read', {
    method: 'GET',
    path: '/threads/{id}',
    tag: 'Messages',
    summary: 'Show the messages of a conversation',
  })
    .input(thread.threadIdInput)
    .output(one(thread.threadSchema))
    .query(async ({ ctx, input }) => ({ data: await thread.getThread({ ctx: ctx.service, input }) })),
})
