import { listLiveSessionRows, type SessionRow } from '@mairust/db/queries/session'
import type { UserRow } from '@mairust/db/queries/user'
import type { Actor, Permission } from '../../access/index.ts'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { wireTime } from '../../wire/index.ts'
import { toUserWire } from '../user/internal.ts'
import type { MeWire, SessionWire } from './schemas.ts'

/** A user with the actor's permissions, on the wire. */
export const toMeWire = (
  user: UserRow,
  actor: { kind: Actor['kind']; permissions: Pick<ReadonlyMap<Permission, unknown>, 'keys'> },
): MeWire => ({
  ...toUserWire(user),
  kind: actor.kind === 'api_key' ? 'api_key' : 'user',
  permissions: [...actor.permissions.keys()],
})

/** The sessions of a user that have neither expired nor been idle for too long. */
export const liveSessionsOf = async (ctx: ServiceContext, userId: string | null): Promise<SessionRow[]> => {
  const now = ctx.now()
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS)
  return userId === null ? [] : listLiveSessionRows(ctx.db, scopeOf(ctx), userId, { now, idleSince })
}

/** The one place where a session's row becomes its wire form. `current` is the session of the request. */
export const toSessionWire = (row: SessionRow, current: string | null): SessionWire => ({
  id: row.id,
  ip: row.ip,
  user_agent: row.userAgent,
  created_at: wireTime(row.createdAt),
  last_seen_at: wireTime(row.lastSeenAt),
  expires_at: wireTime(row.expiresAt),
  current: row.id === current,
})
