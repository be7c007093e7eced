import { ROLES, type Role } from '@mairust/db/schema'
import { PERMISSIONS, type Permission } from './permissions.ts'

const USER: readonly Permission[] = [
  'message:read',
  'message:write',
  'message:send',
  'folder:read',
  'folder:write',
  'tag:read',
  'tag:write',
  'journey:read',
  'queue:read',
  'queue:write',
  'mailbox:read',
  'account:read',
  'account:write',
]

const DOMAIN_ADMIN: readonly Permission[] = [
  ...USER,
  'queue:manage',
  'suppression:read',
  'suppression:write',
  'user:read',
  'user:write',
  'user:password',
  'user:promote',
  'domain:read',
  'mailbox:write',
  'alias:read',
  'alias:write',
]

const TENANT_ADMIN: readonly Permission[] = [
  ...DOMAIN_ADMIN,
  'domain:write',
  'api_key:read',
  'api_key:write',
  'setting:read',
  'setting:write',
  'audit:read',
]

const BY_ROLE: Record<Role, ReadonlySet<Permission>> = {
  super_admin: new Set(PERMISSIONS),
  tenant_admin: new Set(TENANT_ADMIN),
  domain_admin: new Set(DOMAIN_ADMIN),
  user: new Set(USER),
}

/** The permissions of a role; a key may have fewer. */
export const rolePermissions = (role: Role): ReadonlySet<Permission> => BY_ROLE[role]

/** Whether `role` is the same as or higher than `other`: nobody may grant, or touch what belongs to, a higher role. */
export const roleCovers = (role: Role, other: Role): boolean => ROLES.indexOf(role) <= ROLES.indexOf(other)

/** The roles above this one. */
export const rolesAbove = (role: Role): Role[] => ROLES.filter((other) => !roleCovers(role, other))

/** The lower of two roles. */
export const lowerRole = (a: Role, b: Role): Role => (roleCovers(a, b) ? b : a)
