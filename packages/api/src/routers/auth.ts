import { z } from 'zod'
import { expiredCookie, sessionCookie } from '../auth/session.ts'
import * as auth from '../services/auth/index.ts'
import { t } from '../trpc/init.ts'
import { procedure, publicProcedure, signedInProcedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Authentication'
const nothing = z.strictObject({})

export const authRouter = t.router({
  login: publicProcedure({ method: 'POST', path: '/auth/login', tag, summary: 'Sign in and receive a session cookie' })
    .input(auth.loginInput)
    .output(one(auth.meSchema))
    .mutation(async ({ ctx, input }) => {
      const { me, token } = await auth.login({ runtime: ctx.runtime, from: ctx, input })
      ctx.setCookies.push(sessionCookie(ctx.runtime.config.server.public_url, token))
      return { data: me }
    }),

  logout: signedInProcedure({ method: 'POST', path: '/auth/logout', tag, summary: 'Sign out' })
    .input(nothing)
    .output(one(z.object({ signed_out: z.literal(true) })))
    .mutation(async ({ ctx }) => {
      await auth.logout({ ctx: ctx.service })
      ctx.setCookies.push(expiredCookie(ctx.runtime.config.server.public_url))
      return { data: { signed_out: true } }
    }),

  me: signedInProcedure({ method: 'GET', path: '/auth/me', tag, summary: 'Tell who is signed in' })
    .input(nothing)
    .output(one(auth.meSchema))
    .query(async ({ ctx }) => ({ data: await auth.getMe({ ctx: ctx.service }) })),

  sessions: procedure('account:read', { method: 'GET', path: '/auth/sessions', tag, summary: 'List your sessions' })
    .input(auth.listSessionsInput)
    .output(listOutput(auth.sessionSchema))
    .query(({ ctx, input }) => auth.listSessions({ ctx: ctx.service, input })),

  session: procedure('account:read', {
    method: 'GET',
    path: '/auth/sessions/{id}',
    tag,
    summary: 'Get one of your sessions',
  })
    .input(auth.sessionIdInput)
    .output(one(auth.sessionSchema))
    .query(async ({ ctx, input }) => ({ data: await auth.getSession({ ctx: ctx.service, input }) })),

  removeSession: procedure('account:write', {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    tag,
    summary: 'End one of your sessions',
  })
    .input(auth.sessionIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await auth.removeSession({ ctx: ctx.service, input })
      return deleted(input.id)
    }),
})
