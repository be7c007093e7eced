import { asc } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { inPortions } from '../dialect/portions.ts'
import { locked } from '../dialect/index.ts'
import { theseRows } from './scope.ts'

/**
 * Locks deliveries until the end of the transaction, in the order of their ids, so that transactions never wait in a circle. Whatever
 * changes several does this first.
 */
export async function lockDeliveries(tx: Db, rows: readonly { tenantId: string; id: string }[]): Promise<void> {
  const { deliveries: d } = tx.tables
  for (const some of inPortions(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))) {
    await locked(tx, tx.select({ id: d.id }).from(d).where(theseRows(d, some)).orderBy(asc(d.id)))
  }
}
