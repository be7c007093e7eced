import type { ApiKeyScope, Scope } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'

const READ: readonly Permission[] = [
  'message:read',
  'folder:read',
  'tag:read',
  'journey:read',
  'mailbox:read',
  'domain:read',
  'alias:read',
  'user:read',
]
const WRITE: readonly Permission[] = ['message:write', 'folder:write', 'tag:write']
const CONTENT: ReadonlySet<Permission> = new Set(['message:read', ...WRITE, 'message:send'])

/** What each scope of an API key stands for. `admin` is everything but the contents of mail. */
const BY_SCOPE: Record<Scope, readonly Permission[]> = {
  read: READ,
  write: WRITE,
  send: ['message:send'],
  admin: PERMISSIONS.filter((permission) => !CONTENT.has(permission)),
  plugin: [],
}

/** What a scope can hold that is narrowed to domains or mailboxes: nothing that reaches beyond them. */
const NARROWABLE: ReadonlySet<Permission> = new Set<Permission>([
  'message:read',
  'message:write',
  'message:send',
  'folder:read',
  'folder:write',
  'tag:read',
  'tag:write',
  'journey:read',
  'mailbox:read',
  'mailbox:write',
  'domain:read',
  'alias:read',
  'alias:write',
])

/** Whether a scope is narrowed to some domains or mailboxes. */
export const isNarrowed = ({ domains, mailboxes }: ApiKeyScope): boolean =>
  domains !== undefined || mailboxes !== undefined

/** The permissions that one scope of a key gives, before roles take away from them. */
export const scopePermissions = (scope: ApiKeyScope): Permission[] =>
  BY_SCOPE[scope.scope].filter((permission) => !isNarrowed(scope) || NARROWABLE.has(permission))
