/** The procedures that create something: a request with an `Idempotency-Key` creates it once, however often it is sent. */
export const CREATING_PROCEDURES = [
  'aliases.create',
  'apiKeys.create',
  'domains.create',
  'drafts.create',
  'drafts.send',
  'folders.create',
  'mailboxes.create',
  'send.batch',
  'send.message',
  'suppressions.create',
  'tags.create',
  'users.create',
] as const
