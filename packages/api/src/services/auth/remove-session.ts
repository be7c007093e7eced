import { deleteSessionRow } from '@mairust/db/queries/session'
import { scopeOf } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { verb, recorded, removal } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { sessionIdInput } from './schemas.ts'

/**
 * Ends one of the caller's own sessions.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeSession = verb({
  permission: 'account:write',
  input: sessionIdInput,
  output: removalSchema,
  audit: 'session.delete',
  notify: ['logins'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const { userId } = ctx.actor
      if (userId === null || !(await deleteSessionRow(tx, scopeOf(ctx), userId, id))) throw notFound('session')
      return recorded(removal(id), { targetId: id })
    }),
})
