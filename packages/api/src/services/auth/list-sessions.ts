import { listLiveSessionRows } from '@mairust/db/queries/session'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { pageOf, listOutput } from '../../wire/index.ts'
import { toSessionWire } from './internal.ts'
import { listSessionsInput, sessionSchema } from './schemas.ts'

/** The caller's own live sessions, the newest first. */
export const listSessions = verb({
  permission: 'account:read',
  input: listSessionsInput,
  output: listOutput(sessionSchema),
  run: async (ctx, wanted) => {
    const { userId, sessionId } = ctx.actor
    const now = ctx.now()
    const idleSince = new Date(now.getTime() - SESSION_IDLE_MS)
    const rows = userId === null ? [] : await listLiveSessionRows(ctx.db, scopeOf(ctx), userId, { now, idleSince })
    return pageOf(
      rows,
      wanted,
      (row) => toSessionWire(row, sessionId),
      (row) => [-row.createdAt.getTime(), row.id],
    )
  },
})
