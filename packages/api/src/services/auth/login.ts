import { tenantScope } from '@mairust/db/queries/scope'
import { createId } from '@mairust/db'
import { insertSession } from '@mairust/db/queries/session'
import { z } from 'zod'
import { rolePermissions, userActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { userScope } from '../../auth/access-scope.ts'
import { makeSessionToken, SESSION_LIFE_MS } from '../../auth/session.ts'
import type { Runtime, ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { publicVerb } from '../../verb/index.ts'
import { toMeWire } from './internal.ts'
import { loginInput, meSchema } from './schemas.ts'
import { lockedOut, tooManyLogins } from './refusal.ts'
import { verifyLogin, type LoginResult } from './verify-login.ts'

/**
 * Signs in: starts a new session, whatever cookie came with the request. Returns the user and the value of the new cookie.
 * @throws AppError UNAUTHORIZED, RATE_LIMITED during a lock-out, UNAVAILABLE if too many sign in at once
 */
export const login = publicVerb({
  input: loginInput,
  output: z.object({ me: meSchema, token: z.string() }),
  audit: { action: 'auth.login', target: 'user' },
  run: async ({ userAgent, ...from }, { email, password }) => {
    const { token, tokenHash } = makeSessionToken()
    const sessionId = createId('ses')
    const attempt = { email, password, address: from.ip, via: 'web' as const, requestId: from.requestId }
    const result = await verifyLogin(from, attempt, async (tx, user) => {
      const ctx: ServiceContext = { ...from, actor: userActor(user, await userScope(tx, user), sessionId) }
      const now = from.now()
      await insertSession(tx, tenantScope(user.tenantId), {
        id: sessionId,
        tokenHash,
        userId: user.id,
        ip: from.ip,
        userAgent: userAgent.slice(0, 300),
        createdAt: now,
        lastSeenAt: now,
        expiresAt: new Date(now.getTime() + SESSION_LIFE_MS),
      })
      await writeAudit(tx, ctx, { action: 'auth.login', targetType: 'user', targetId: user.id })
    })
    if (!result.ok) throw refusal(from, result)
    return { me: toMeWire(result.user, { kind: 'user', permissions: rolePermissions(result.user.role) }), token }
  },
})

const refusal = (runtime: Runtime, result: Exclude<LoginResult, { ok: true }>): AppError => {
  switch (result.reason) {
    case 'wrong':
      return new AppError('UNAUTHORIZED', 'The email address or the password is wrong.')
    case 'locked':
      return lockedOut(runtime, result.until)
    case 'busy':
      return tooManyLogins()
  }
}
