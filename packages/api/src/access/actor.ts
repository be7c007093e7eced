import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { rolePermissions } from './roles.ts'
import { WHOLE_TENANT, type AccessScope } from './scope.ts'

/** What an actor may do, and within what: each permission with a scope of its own. */
export type Permissions = ReadonlyMap<Permission, AccessScope>

/** Who is asking, and what they may do. Resolved once a request, then passed down in the context. */
export interface Actor {
  readonly kind: 'user' | 'api_key' | 'system'
  /** Id of the user or the key; null for the system itself. */
  readonly id: string | null
  /** For the audit log: an email address, a key's name, `system`. */
  readonly name: string
  readonly tenantId: string
  /** Whom it acts for; null for the system itself. */
  readonly userId: string | null
  /** Whom it stands above. */
  readonly role: Role
  readonly permissions: Permissions
  /** Session it came by; null for keys and the system. */
  readonly sessionId: string | null
}

/** The same scope for each of some permissions. */
export const permissionsWithin = (permissions: Iterable<Permission>, scope: AccessScope): Permissions =>
  new Map([...permissions].map((permission) => [permission, scope]))

/** A user who is signed in, by the session they came with. */
export const userActor = (user: UserRow, scope: AccessScope, sessionId: string | null): Actor => ({
  kind: 'user',
  id: user.id,
  name: user.email,
  tenantId: user.tenantId,
  userId: user.id,
  role: user.role,
  permissions: permissionsWithin(rolePermissions(user.role), scope),
  sessionId,
})

/** The command line, jobs and the first start: everything within one tenant. */
export const systemActor = (tenantId: string, name = 'system'): Actor => ({
  kind: 'system',
  id: null,
  name,
  tenantId,
  userId: null,
  role: 'super_admin',
  permissions: permissionsWithin(PERMISSIONS, WHOLE_TENANT),
  sessionId: null,
})
