/** What can change: everything that a process may have remembered or be showing. Each is of one tenant. */
export type Topic =
  /** Domains: their names, states and what they stand for. */
  | `domains:${string}`
  /** Mailboxes, aliases and catch-alls: who gets mail for an address. */
  | `addresses:${string}`
  /** Users: their roles, passwords and whether they are suspended. */
  | `users:${string}`
  /** Sessions and API keys that ended or may do other things than before. */
  | `logins:${string}`
  /** The tags of a tenant, of whichever owner. */
  | `tags:${string}`
  /** The messages and folders of one mailbox: `mailbox:<tenant>:<mailbox>`. */
  | `mailbox:${string}`

type Kind = Topic extends `${infer Name}:${string}` ? Name : never

/** The topic of what a tenant has of a kind. */
export const tenantTopic = (kind: Exclude<Kind, 'mailbox'>, tenantId: string): Topic => `${kind}:${tenantId}`

/** What every tenant has of a kind, to subscribe to. */
export const everyTenant = (kind: Kind): Topic => `${kind}:*`

/** The tenant that a topic is about; null for every tenant. */
export const tenantOfTopic = (topic: Topic): string | null => partOf(topic, 1)

/** The topic of what is in a mailbox. */
export const mailboxTopic = (tenantId: string, mailboxId: string): Topic => `mailbox:${tenantId}:${mailboxId}`

/** Every mailbox of a tenant, to subscribe to. */
export const mailboxesTopic = (tenantId: string): Topic => `mailbox:${tenantId}:*`

/** The mailbox that a topic is about; null for many and for other topics. */
export const mailboxOfTopic = (topic: Topic): string | null => (isMailboxTopic(topic) ? partOf(topic, 2) : null)

/** True for the topics that change with every message. */
export const isMailboxTopic = (topic: string): boolean => topic.startsWith('mailbox:')

function partOf(topic: Topic, position: number): string | null {
  const part = topic.split(':')[position] ?? '*'
  return part === '*' ? null : part
}
