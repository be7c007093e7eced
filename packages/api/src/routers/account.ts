import * as account from '../services/account/index.ts'
import { t } from '../trpc/init.ts'
import { mutation, query } from '../trpc/procedures.ts'

const tag = 'Account'

export const accountRouter = t.router({
  get: query(account.getAccount, { path: '/account', tag, summary: 'Get your account' }),

  update: mutation(account.updateAccount, { method: 'PATCH', path: '/account', tag, summary: 'Change your account' }),

  password: mutation(account.changePassword, {
    method: 'POST',
    path: '/account/password',
    tag,
    summary: 'Change your password',
    description:
      'A wrong current password counts towards the lock-out. Your other sessions end. The API keys that you created are revoked and returned as `ended_api_keys`, unless `end_api_keys` is false.',
  }),
})
