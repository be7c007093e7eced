import { and, eq, gt, inArray, notInArray, sql, type Column, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { IdSet } from './id-set.ts'

/** The mailboxes of a tenant that a caller may see. */
export type MailboxScope = { tenantId: string; mailboxIds: IdSet }

/** The condition that a column is one of these; undefined for `all`, never true for none. */
export function among(column: SQLWrapper, ids: IdSet): SQL | undefined {
  if (ids === 'all') return undefined
  if ('except' in ids) return notInArray(column, [...ids.except])
  return ids.length === 0 ? sql`1 = 0` : inArray(column, [...ids])
}

/** The condition that a column names one of the scope's mailboxes; undefined when all are. */
export const inMailboxes = (column: Column, scope: MailboxScope): SQL | undefined => among(column, scope.mailboxIds)

/** The condition that picks the rows of the scope's mailboxes, as far as all of `more` hold. */
export function ofMailboxes(
  table: { tenantId: Column; mailboxId: Column },
  scope: MailboxScope,
  ...more: readonly (SQL | undefined)[]
): SQL | undefined {
  return and(eq(table.tenantId, scope.tenantId), ...more, inMailboxes(table.mailboxId, scope))
}

/** A table whose rows belong to a tenant and are named by an id. */
interface TenantTable {
  tenantId: Column
  id: Column
}

/** The condition that picks the scope's row with this id. */
export function own(table: TenantTable, scope: { tenantId: string }, id: string): SQL | undefined {
  return and(eq(table.tenantId, scope.tenantId), eq(table.id, id))
}

/** Which rows of an entity a page holds: at most `limit`, oldest first, after the id `after`, with `contains` in their names. */
export interface RowPage {
  limit: number
  after?: string | undefined
  contains?: string | undefined
}

/** The condition that picks the scope's rows from the page's start on, as far as all of `more` hold. */
export function fromPage(
  table: TenantTable,
  scope: { tenantId: string },
  page: RowPage,
  ...more: readonly (SQL | undefined)[]
): SQL | undefined {
  return and(
    eq(table.tenantId, scope.tenantId),
    page.after === undefined ? undefined : gt(table.id, page.after),
    ...more,
  )
}
