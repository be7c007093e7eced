import type { ApiKeyScope, Scope } from '@mairust/db/schema'
import type { Permission } from './permissions.ts'

/** Seeing what exists, without the content of mail: part of both `read` and `admin`. */
const OUTLINE: readonly Permission[] = [
  'folder:read',
  'tag:read',
  'journey:read',
  'queue:read',
  'mailbox:read',
  'domain:read',
  'alias:read',
]
const READ: readonly Permission[] = [...OUTLINE, 'message:read', 'suppression:read', 'user:read']
const WRITE: readonly Permission[] = ['message:write', 'folder:write', 'tag:write']
const SEND: readonly Permission[] = ['message:send', 'queue:write']
const ADMIN: readonly Permission[] = [
  ...OUTLINE,
  'queue:write',
  'queue:manage',
  'queue:operate',
  'suppression:read',
  'suppression:write',
  'account:read',
  'user:read',
  'user:write',
  'domain:write',
  'domain:activate',
  'mailbox:write',
  'alias:write',
  'api_key:read',
  'api_key:write',
  'setting:read',
  'setting:write',
  'audit:read',
]
/** Permissions that give a login, and with it somebody's mail: only for keys that may read, change and send mail themselves. */
const LOGINS: readonly Permission[] = ['account:write', 'user:password', 'user:promote']
const WITH_LOGINS = ['read', 'write', 'send', 'admin'] as const

/** The permissions of each scope of an API key. An allow-list, so that a new permission is in no scope at first. */
const BY_SCOPE: Record<Scope, readonly Permission[]> = {
  read: READ,
  write: WRITE,
  send: SEND,
  admin: ADMIN,
  plugin: [],
  'hooks:manage': ['hooks:manage'],
  'plugins:manage': ['plugins:manage'],
  'relay:manage': ['relay:manage'],
}

/** What a scope that is narrowed to domains or mailboxes may contain: nothing that reaches beyond them. */
const NARROWABLE: ReadonlySet<Permission> = new Set<Permission>([
  ...OUTLINE,
  'message:read',
  ...WRITE,
  ...SEND,
  'mailbox:write',
  'alias:write',
])

/** Whether a scope is narrowed to some domains or mailboxes. */
export const isNarrowed = ({ domains, mailboxes }: ApiKeyScope): boolean =>
  domains !== undefined || mailboxes !== undefined

/**
 * The permissions that one scope of a key gives, before roles restrict them.
 * @param all all scopes of that key
 */
export const scopePermissions = (scope: ApiKeyScope, all: readonly ApiKeyScope[]): Permission[] => {
  const given = BY_SCOPE[scope.scope]
  if (isNarrowed(scope)) return given.filter((permission) => NARROWABLE.has(permission))
  const whole = new Set(all.filter((one) => !isNarrowed(one)).map((one) => one.scope))
  const givesLogins = scope.scope === 'admin' && WITH_LOGINS.every((name) => whole.has(name))
  return givesLogins ? [...given, ...LOGINS] : [...given]
}
