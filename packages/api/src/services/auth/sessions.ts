import { tenantTopic } from '@mairust/db'
import { deleteSessionRow, listLiveSessionRows, type SessionRow } from '@mairust/db/queries/session'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { pageOf, parseInput, wireTime, type Page } from '../../wire/index.ts'
import { listSessionsInput, sessionIdInput, type SessionWire } from './schemas.ts'

/** The caller's own live sessions, the newest first. */
export const listSessions = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listSessionsInput>
}): Promise<Page<SessionWire>> => {
  requirePermission(ctx, 'account:read')
  const wanted = parseInput(listSessionsInput, input)
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
}

/**
 * Ends one of the caller's own sessions.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const removeSession = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof sessionIdInput>
}): Promise<void> => {
  requirePermission(ctx, 'account:write')
  const { id } = parseInput(sessionIdInput, input)
  await ctx.db.transaction(async (tx) => {
    const { userId } = ctx.actor
    if (userId === null || !(await deleteSessionRow(tx, scopeOf(ctx), userId, id))) throw notFound('session')
    await writeAudit(tx, ctx, { action: 'session.delete', targetType: 'session', targetId: id })
    await ctx.changes.publish(tx, tenantTopic('logins', ctx.actor.tenantId))
  })
}

/** The one place where a session's row becomes its wire form. `current` is the session that asks. */
export const toSessionWire = (row: SessionRow, current: string | null): SessionWire => ({
  id: row.id,
  ip: row.ip,
  user_agent: row.userAgent,
  created_at: wireTime(row.createdAt),
  last_seen_at: wireTime(row.lastSeenAt),
  expires_at: wireTime(row.expiresAt),
  current: row.id === current,
})
