/** What can change and may be cached or displayed by a process. Each topic belongs to one tenant. */
export type Topic =
  /** Domains: their names, statuses and aliases. One: `domains:<tenant>:<name>`. */
  | `domains:${string}`
  /** Mailboxes, aliases and catch-alls: who gets mail for an address. One: `addresses:<tenant>:<address>`. */
  | `addresses:${string}`
  /** Users: their roles, passwords and suspension. */
  | `users:${string}`
  /** Sessions and API keys that ended or whose rights changed. */
  | `logins:${string}`
  /** The tags of a tenant, of any owner. */
  | `tags:${string}`
  /** Mail of a tenant waits to be sent. */
  | `queue:${string}`
  /** What holds up mail to others: pauses, and what is remembered of their servers. */
  | `sending:${string}`
  /** The messages and folders of one mailbox: `mailbox:<tenant>:<mailbox>`. */
  | `mailbox:${string}`

type Kind = Topic extends `${infer Name}:${string}` ? Name : never

/** A tenant's topic of a kind. */
export const tenantTopic = (kind: Exclude<Kind, 'mailbox'>, tenantId: string): Topic => `${kind}:${tenantId}`

/** The topic of one domain, by its name. */
export const domainTopic = (tenantId: string, name: string): Topic => `domains:${tenantId}:${name}`

/** The topic of one address, as it is stored. */
export const addressTopic = (tenantId: string, address: string): Topic => `addresses:${tenantId}:${address}`

/** The pattern for all single addresses of a tenant. */
export const addressesTopic = (tenantId: string): Topic => `addresses:${tenantId}:*`

/** The pattern for all tenants' topics of a kind. */
export const everyTenant = (kind: Kind): Topic => `${kind}:*`

/** The tenant that a topic is about; null for every tenant. */
export const tenantOfTopic = (topic: Topic): string | null => known(topic.split(':')[1])

/** The one domain, address or mailbox that a topic is about; null for all that the tenant has. */
export const subjectOfTopic = (topic: Topic): string | null => known(topic.split(':').slice(2).join(':'))

/** The topic of a mailbox's content. */
export const mailboxTopic = (tenantId: string, mailboxId: string): Topic => `mailbox:${tenantId}:${mailboxId}`

/** The pattern for all mailboxes of a tenant. */
export const mailboxesTopic = (tenantId: string): Topic => `mailbox:${tenantId}:*`

/** The mailbox that a topic is about; null for several and for other topics. */
export const mailboxOfTopic = (topic: Topic): string | null =>
  topic.startsWith('mailbox:') ? subjectOfTopic(topic) : null

/** Whether it is a topic that changes with every message. */
export const isFrequentTopic = (topic: string): boolean => topic.startsWith('mailbox:') || topic.startsWith('queue:')

/** A part of a topic; null when it is absent or `*`. */
const known = (part = ''): string | null => (part === '' || part === '*' ? null : part)
