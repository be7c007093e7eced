import type { SessionRow } from '@mairust/db/queries/session'
import type { UserRow } from '@mairust/db/queries/user'
import type { Actor, Permission } from '../../access/index.ts'
import { wireTime } from '../../wire/index.ts'
import { toUserWire } from '../user/internal.ts'
import type { MeWire, SessionWire } from './schemas.ts'

/** A user and what they may do, on the wire. */
export const toMeWire = (
  user: UserRow,
  actor: { kind: Actor['kind']; permissions: Pick<ReadonlyMap<Permission, unknown>, 'keys'> },
): MeWire => ({
  ...toUserWire(user),
  kind: actor.kind === 'api_key' ? 'api_key' : 'user',
  permissions: [...actor.permissions.keys()],
})

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
