import type { UserRow } from '@mairust/db/queries/user'
import type { Actor, Permission } from '../../access/index.ts'
import { toUserWire } from '../user/internal.ts'
import type { MeWire } from './schemas.ts'

/** A user and what they may do, on the wire. */
export const toMeWire = (
  user: UserRow,
  actor: { kind: Actor['kind']; permissions: Pick<ReadonlyMap<Permission, unknown>, 'keys'> },
): MeWire => ({
  ...toUserWire(user),
  kind: actor.kind === 'api_key' ? 'api_key' : 'user',
  permissions: [...actor.permissions.keys()],
})
