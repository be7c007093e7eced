/** What can change and may be cached or displayed by a process. Each topic belongs to one tenant. */
export type Topic =
  /** Domains: their names, statuses and aliases. */
  | `domains:${string}`
  /** Mailboxes, aliases and catch-alls: who gets mail for an address. */
  | `addresses:${string}`
  /** Users: their roles, passwords and suspension. */
  | `users:${string}`
  /** Sessions and API keys that ended or whose rights changed. */
  | `logins:${string}`
  /** The tags of a tenant, of any owner. */
  | `tags:${string}`
  /** The messages and folders of one mailbox: `mailbox:<tenant>:<mailbox>`. */
  | `mailbox:${string}`

type Kind = Topic extends `${infer Name}:${string}` ? Name : never

/** A tenant's topic of a kind. */
export const tenantTopic = (kind: Exclude<Kind, 'mailbox'>, tenantId: string): Topic => `${kind}:${tenantId}`

/** The pattern for all tenants' topics of a kind. */
export const everyTenant = (kind: Kind): Topic => `${kind}:*`

/** The tenant that a topic is about; null for every tenant. */
export const tenantOfTopic = (topic: Topic): string | null => partOf(topic, 1)

/** The topic of a mailbox's content. */
export const mailboxTopic = (tenantId: string, mailboxId: string): Topic => `mailbox:${tenantId}:${mailboxId}`

/** The pattern for all mailboxes of a tenant. */
export const mailboxesTopic = (tenantId: string): Topic => `mailbox:${tenantId}:*`

/** The mailbox that a topic is about; null for several and for other topics. */
export const mailboxOfTopic = (topic: Topic): string | null => (isMailboxTopic(topic) ? partOf(topic, 2) : null)

/** Whether it is a topic that changes with every message. */
export const isMailboxTopic = (topic: string): boolean => topic.startsWith('mailbox:')

function partOf(topic: Topic, position: number): string | null {
  const part = topic.split(':')[position] ?? '*'
  return part === '*' ? null : part
}
