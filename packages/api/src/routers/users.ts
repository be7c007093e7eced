import * as account from '../services/account/index.ts'
import * as user from '../services/user/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Users'

export const users = t.router({
  list: procedure('user:read', { method: 'GET', path: '/users', tag, summary: 'List users' })
    .input(user.listUsersInput)
    .output(listOutput(user.userSchema))
    .query(({ ctx, input }) => user.listUsers({ ctx: ctx.service, input })),

  create: procedure('user:write', { method: 'POST', path: '/users', tag, summary: 'Add a user', status: 201 })
    .input(user.createUserInput)
    .output(one(user.userSchema))
    .mutation(async ({ ctx, input }) => ({ data: await user.createUser({ ctx: ctx.service, input }) })),

  get: procedure('user:read', { method: 'GET', path: '/users/{id}', tag, summary: 'Get a user' })
    .input(user.userIdInput)
    .output(one(user.userSchema))
    .query(async ({ ctx, input }) => ({ data: await user.getUser({ ctx: ctx.service, input }) })),

  signIn: procedure('user:read', {
    method: 'GET',
    path: '/users/{id}/sign-in',
    tag,
    summary: 'Tell why a user cannot sign in: suspension, lock-outs, latest attempts',
  })
    .input(user.userIdInput)
    .output(one(account.signInSchema))
    .query(async ({ ctx, input }) => ({ data: await account.getSignIn({ ctx: ctx.service, input }) })),

  update: procedure('user:write', { method: 'PATCH', path: '/users/{id}', tag, summary: 'Change a user' })
    .input(user.updateUserInput)
    .output(one(user.userSchema))
    .mutation(async ({ ctx, input }) => ({ data: await user.updateUser({ ctx: ctx.service, input }) })),

  remove: procedure('user:write', { method: 'DELETE', path: '/users/{id}', tag, summary: 'Remove a user' })
    .input(user.userIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await user.removeUser({ ctx: ctx.service, input })
      return deleted(input.id)
    }),
})
