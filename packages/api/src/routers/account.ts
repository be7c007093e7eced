import { z } from 'zod'
import * as account from '../services/account/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { one } from '../wire/index.ts'

const tag = 'Account'

export const accountRouter = t.router({
  get: procedure('account:read', { method: 'GET', path: '/account', tag, summary: 'Get your account' })
    .input(z.strictObject({}))
    .output(one(account.accountSchema))
    .query(async ({ ctx }) => ({ data: await account.getAccount({ ctx: ctx.service }) })),

  update: procedure('account:write', { method: 'PATCH', path: '/account', tag, summary: 'Change your account' })
    .input(account.updateAccountInput)
    .output(one(account.accountSchema))
    .mutation(async ({ ctx, input }) => ({ data: await account.updateAccount({ ctx: ctx.service, input }) })),

  password: procedure('account:write', {
    method: 'POST',
    path: '/account/password',
    tag,
    summary: 'Change your password',
    description:
      'The present password is asked for and counts towards the lock-out. All your other sessions end, and the API keys that you made (answered as `ended_api_keys`) unless `end_api_keys` is false.',
  })
    .input(account.changePasswordInput)
    .output(one(account.passwordChangedSchema))
    .mutation(async ({ ctx, input }) => ({ data: await account.changePassword({ ctx: ctx.service, input }) })),
})
