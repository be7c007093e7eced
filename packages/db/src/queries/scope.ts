import { inArray, type Column, type SQL } from 'drizzle-orm'

/** The mailboxes of a tenant that a caller may see. */
export type MailboxScope = { tenantId: string; mailboxIds: 'all' | readonly string[] }

/** The condition that a column names one of the scope's mailboxes; undefined when all are. */
export function inMailboxes(column: Column, scope: MailboxScope): SQL | undefined {
  return scope.mailboxIds === 'all' ? undefined : inArray(column, [...scope.mailboxIds])
}
