import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { rolePermissions } from './roles.ts'
import { WHOLE_TENANT, type AccessScope } from './scope.ts'

/** What an actor may do: its permissions, each with the scope that it applies to. */
export type Permissions = ReadonlyMap<Permission, AccessScope>

/** Who makes a request, and what they may do. Resolved once for each request, then passed on in the context. */
export interface Actor {
  readonly kind: 'user' | 'api_key' | 'system'
  /** Id of the user or the API key; null for the system. */
  readonly id: string | null
  /** Name in the audit log: an email address, the name of a key, or `system`. */
  readonly name: string
  readonly tenantId: string
  /** The user that it acts for; null for the system. */
  readonly userId: string | null
  /**
   * The user whose mail is its own: it reads and changes that without an audit entry. Null for the system, and for a key that somebody
   * else made for a user.
   */
  readonly mailOwnerId: string | null
  /** The user who vouches for the API keys that it makes: a key passes on who vouches for it. Null for the system. */
  readonly voucherId: string | null
  /** When it ends: nothing that it makes to act for somebody lives longer. Null when it does not, and for sessions. */
  readonly endsAt: Date | null
  /** Decides which users, and whose mailboxes, it may manage. */
  readonly role: Role
  readonly permissions: Permissions
  /** Its session; null for keys and the system. */
  readonly sessionId: string | null
}

/** Gives several permissions the same scope. */
export const permissionsWithin = (permissions: Iterable<Permission>, scope: AccessScope): Permissions =>
  new Map([...permissions].map((permission) => [permission, scope]))

/** A signed-in user. */
export const userActor = (user: UserRow, scope: AccessScope, sessionId: string | null): Actor => ({
  kind: 'user',
  id: user.id,
  name: user.email,
  tenantId: user.tenantId,
  userId: user.id,
  mailOwnerId: user.id,
  voucherId: user.id,
  endsAt: null,
  role: user.role,
  permissions: permissionsWithin(rolePermissions(user.role), scope),
  sessionId,
})

/** The actor of the command line, jobs and the installation: all permissions within one tenant. */
export const systemActor = (tenantId: string, name = 'system'): Actor => ({
  kind: 'system',
  id: null,
  name,
  tenantId,
  userId: null,
  mailOwnerId: null,
  voucherId: null,
  endsAt: null,
  role: 'super_admin',
  permissions: permissionsWithin(PERMISSIONS, WHOLE_TENANT),
  sessionId: null,
})
