// Names that the command line offers too: without imports, so that its help need not load a database.

/** Upper bound of a user's rights, highest first; services expand a role into permissions. */
export const ROLES = ['super_admin', 'tenant_admin', 'domain_admin', 'user'] as const
export type Role = (typeof ROLES)[number]

/** The highest of these roles, given by name; null when there is none. */
export const highestRole = (names: readonly string[]): Role | null => ROLES.find((role) => names.includes(role)) ?? null

/** Scopes that can be narrowed to domains and mailboxes. */
export const NARROWABLE_SCOPES = ['read', 'write', 'send', 'admin', 'plugin'] as const
/** The scopes of a key; the last ones are permissions that no other scope implies. */
export const SCOPES = [...NARROWABLE_SCOPES, 'hooks:manage', 'plugins:manage', 'relay:manage'] as const
export type Scope = (typeof SCOPES)[number]
