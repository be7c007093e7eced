/** The procedures that create something: a request with an `Idempotency-Key` creates it once, however often it is sent. */
export const CREATING_PROCEDURES = [
  'aliases.create',
  'apiKeys.create',
  'domains.create',
  'drafts.create',
  'folders.create',
  'mailboxes.create',
  'suppressions.create',
  'tags.create',
  'users.create',
] as const
