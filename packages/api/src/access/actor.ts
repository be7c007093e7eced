import type { Role } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'

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
