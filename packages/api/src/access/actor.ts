import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { rolePermissions } from './roles.ts'

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
  /** Email address of `userId`. */
  readonly email: string | null
  readonly role: Role
  readonly permissions: ReadonlySet<Permission>
  /** Mailboxes whose contents and settings it may see. */
  readonly mailboxIds: 'all' | readonly string[]
  /** Domains whose users, mailboxes and aliases it may see. */
  readonly domainIds: 'all' | readonly string[]
  /** Session it came by; null for keys and the system. */
  readonly sessionId: string | null
}

/** Which mailboxes and domains an actor may see. */
export type Reach = Pick<Actor, 'mailboxIds' | 'domainIds'>

/** A user who is signed in, by the session they came with. */
export const userActor = (user: UserRow, about: Reach & Pick<Actor, 'sessionId'>): Actor => ({
  kind: 'user',
  id: user.id,
  name: user.email,
  tenantId: user.tenantId,
  userId: user.id,
  email: user.email,
  role: user.role,
  permissions: rolePermissions(user.role),
  ...about,
})

/** The command line, jobs and the first start: everything within one tenant. */
export const systemActor = (tenantId: string, name = 'system'): Actor => ({
  kind: 'system',
  id: null,
  name,
  tenantId,
  userId: null,
  email: null,
  role: 'super_admin',
  permissions: new Set(PERMISSIONS),
  mailboxIds: 'all',
  domainIds: 'all',
  sessionId: null,
})
