/** Everything that can be permitted, as `resource:action`. Roles and scopes are sets of these. */
export const PERMISSIONS = [
  'message:read',
  'message:write',
  'message:send',
  'folder:read',
  'folder:write',
  'tag:read',
  'tag:write',
  'journey:read',
  'account:read',
  'account:write',
  'user:read',
  'user:write',
  /** Setting a password, which gives all that its user may do. */
  'user:password',
  /** Making administrators, and raising users to it. */
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
] as const

export type Permission = (typeof PERMISSIONS)[number]
