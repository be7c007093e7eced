import { verb } from '../../verb/index.ts'
import { pageOf, listOutput } from '../../wire/index.ts'
import { liveSessionsOf, toSessionWire } from './internal.ts'
import { listSessionsInput, sessionSchema } from './schemas.ts'

/** The caller's own live sessions, newest first. */
export const listSessions = verb({
  permission: 'account:read',
  input: listSessionsInput,
  output: listOutput(sessionSchema),
  run: async (ctx, wanted) => {
    const { userId, sessionId } = ctx.actor
    return pageOf(
      await liveSessionsOf(ctx, userId),
      wanted,
      (row) => toSessionWire(row, sessionId),
      (row) => [-row.createdAt.getTime(), row.id],
    )
  },
})
