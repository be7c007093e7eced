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

/**
 * States of the delivery to one recipient. `queued`: not tried yet; `sending`: an attempt has its lease; `deferred`: to be tried again;
 * `held`: waits for somebody's decision. The others are ends.
 */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'deferred',
  'held',
  'delivered',
  'bounced',
  'suppressed',
  'cancelled',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** What a suppression is for: all mail of the tenant to the address, that of one sending domain, or of one stream. */
export const SUPPRESSION_SCOPES = ['all', 'domain', 'stream'] as const
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number]

/** What people and programs do to deliveries. */
export const DELIVERY_ACTIONS = ['retry', 'hold', 'release', 'cancel', 'bounce'] as const
export type DeliveryAction = (typeof DELIVERY_ACTIONS)[number]

/** What stops mail from being sent: everything, what is for one site, of one tenant, or of one sender in a tenant. */
export const PAUSE_SCOPES = ['all', 'site', 'tenant', 'sender'] as const
export type PauseScope = (typeof PAUSE_SCOPES)[number]
