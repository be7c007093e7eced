import { orNotFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { sessionIdInput, sessionSchema } from './schemas.ts'
import { liveSessionsOf, toSessionWire } from './internal.ts'

/**
 * One of the caller's own live sessions.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getSession = verb({
  permission: 'account:read',
  input: sessionIdInput,
  output: sessionSchema,
  run: async (ctx, { id }) => {
    const { userId, sessionId } = ctx.actor
    const sessions = await liveSessionsOf(ctx, userId)
    const found = sessions.find((row) => row.id === id)
    return toSessionWire(orNotFound(found, 'session'), sessionId)
  },
})
