import { listLiveSessionRows } from '@mairust/db/queries/session'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { sessionIdInput, type SessionWire } from './schemas.ts'
import { toSessionWire } from './sessions.ts'

/**
 * One of the caller's own live sessions.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getSession = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof sessionIdInput>
}): Promise<SessionWire> => {
  requirePermission(ctx, 'account:read')
  const { id } = parseInput(sessionIdInput, input)
  const { userId, sessionId } = ctx.actor
  const now = ctx.now()
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS)
  const rows = userId === null ? [] : await listLiveSessionRows(ctx.db, scopeOf(ctx), userId, { now, idleSince })
  const found = orNotFound(
    rows.find((row) => row.id === id),
    'session',
  )
  return toSessionWire(found, sessionId)
}
