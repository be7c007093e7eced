import type { UserRow } from '@mairust/db/queries/user'
import type { Actor } from '../../access/index.ts'
import { wireTime } from '../../wire/index.ts'
import type { MeWire } from './schemas.ts'

/** A user and what they may do, on the wire. */
export const toMeWire = (user: UserRow, actor: Actor): MeWire => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  suspended: user.suspended,
  created_at: wireTime(user.createdAt),
  kind: actor.kind === 'api_key' ? 'api_key' : 'user',
  permissions: [...actor.permissions],
})
