import * as account from '../services/account/index.ts'
import * as user from '../services/user/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Users'

export const users = t.router({
  list: list(user.listUsers, { path: '/users', tag, summary: 'List users' }),

  create: mutation(user.createUser, { method: 'POST', path: '/users', tag, summary: 'Add a user', status: 201 }),

  get: query(user.getUser, { path: '/users/{id}', tag, summary: 'Get a user' }),

  signIn: query(account.getSignIn, {
    path: '/users/{id}/sign-in',
    tag,
    summary: 'Show why a user cannot sign in: suspension, lock-outs, latest attempts',
  }),

  update: mutation(user.updateUser, { method: 'PATCH', path: '/users/{id}', tag, summary: 'Change a user' }),

  remove: mutation(user.removeUser, { method: 'DELETE', path: '/users/{id}', tag, summary: 'Remove a user' }),
})
