/** What can change: everything that a process may have remembered or be showing. */
export type Topic =
  /** Domains: their names, states and what they stand for. */
  | 'domains'
  /** Mailboxes, aliases and catch-alls: who gets mail for an address. */
  | 'addresses'
  | 'users'
  /** The tags of a tenant. */
  | `tags:${string}`
  /** A mailbox's messages and folders; `mailbox:*` is every mailbox. */
  | `mailbox:${string}`

const MAILBOX = 'mailbox:'

/** Every mailbox, to subscribe to. */
export const EVERY_MAILBOX = `${MAILBOX}*` satisfies Topic

/** The topic of what is in a mailbox. */
export const mailboxTopic = (mailboxId: string): Topic => `${MAILBOX}${mailboxId}`

/** The mailbox that a topic is about; null for `EVERY_MAILBOX` and for other topics. */
export const mailboxOfTopic = (topic: Topic): string | null =>
  isMailboxTopic(topic) && topic !== EVERY_MAILBOX ? topic.slice(MAILBOX.length) : null

/** True for the topics that change with every message. */
export const isMailboxTopic = (topic: string): boolean => topic.startsWith(MAILBOX)

/** The topic of a tenant's tags. */
export const tagsTopic = (tenantId: string): Topic => `tags:${tenantId}`
