/** All permissions, as `resource:action`. Roles and scopes of API keys are sets of them. */
export const PERMISSIONS = [
  'message:read',
  'message:write',
  'message:send',
  'folder:read',
  'folder:write',
  'tag:read',
  'tag:write',
  'journey:read',
  'queue:read',
  /** Trying mail of the queue again, and cancelling it. */
  'queue:write',
  /** Deciding about the mail of others in the queue: holding, releasing, returning and pausing it. */
  'queue:manage',
  /** What concerns the mail of the whole installation: throttles of sites, and pauses of sites and of everything. */
  'queue:operate',
  'suppression:read',
  'suppression:write',
  'account:read',
  'account:write',
  'user:read',
  'user:write',
  /** Setting a password gives access to everything that its user may do. */
  'user:password',
  /** Creating and removing administrators, changing roles, and moving logins to another domain: each can open mail to others. */
  'user:promote',
  'domain:read',
  'domain:write',
  'domain:activate',
  'mailbox:read',
  'mailbox:write',
  'alias:read',
  'alias:write',
  'api_key:read',
  'api_key:write',
  'setting:read',
  'setting:write',
  'audit:read',
  'hooks:manage',
  'plugins:manage',
  'relay:manage',
  /** Work in the background, of all tenants. */
  'jobs:manage',
] as const

export type Permission = (typeof PERMISSIONS)[number]
