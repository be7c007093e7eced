import type { ApiKeyScope, SCOPES } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'

type Scope = (typeof SCOPES)[number]

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

/** The permissions that a list of scopes gives, before its owner's role narrows them. */
export const scopePermissions = (scopes: readonly ApiKeyScope[]): ReadonlySet<Permission> =>
  new Set(scopes.flatMap(({ scope }) => BY_SCOPE[scope]))
