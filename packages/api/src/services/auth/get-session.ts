import { listLiveSessionRows } from '@mairust/db/queries/session'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { sessionIdInput, sessionSchema } from './schemas.ts'
import { toSessionWire } from './internal.ts'

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
    const now = ctx.now()
    const idleSince = new Date(now.getTime() - SESSION_IDLE_MS)
    const rows = userId === null ? [] : await listLiveSessionRows(ctx.db, scopeOf(ctx), userId, { now, idleSince })
    const found = orNotFound(
      rows.find((row) => row.id === id),
      'session',
    )
    return toSessionWire(found, sessionId)
  },
})
