import { expiredCookie, sessionCookie } from '../auth/session.ts'
import * as auth from '../services/auth/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Authentication'

export const authRouter = t.router({
  login: mutation(
    auth.login,
    { method: 'POST', path: '/auth/login', tag, summary: 'Sign in and get a session cookie' },
    {
      output: auth.meSchema,
      of: ({ me, token }, { setCookies, runtime }) => {
        setCookies.push(sessionCookie(runtime.config.server.public_url, token))
        return me
      },
    },
  ),

  logout: mutation(
    auth.logout,
    { method: 'POST', path: '/auth/logout', tag, summary: 'Sign out' },
    {
      output: auth.logout.output,
      of: (answer, { setCookies, runtime }) => {
        setCookies.push(expiredCookie(runtime.config.server.public_url))
        return answer
      },
    },
  ),

  me: query(auth.getMe, { path: '/auth/me', tag, summary: 'Show who is signed in and what they may do' }),

  sessions: list(auth.listSessions, { path: '/auth/sessions', tag, summary: 'List your sessions' }),

  session: query(auth.getSession, {
    path: '/auth/sessions/{id}',
    tag,
    summary: 'Get one of your sessions',
  }),

  removeSession: mutation(auth.removeSession, {
    method: 'DELETE',
    path: '/auth/sessions/{id}',
    tag,
    summary: 'End one of your sessions',
  }),
})
