import { sum } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** Bytes of mail that all mailboxes hold. Free of tenant: it is the installation's figure, for its operator. */
export async function sumUsedBytes(db: Db): Promise<number> {
  const { mailboxes } = db.tables
  const rows = await db.select({ bytes: sum(mailboxes.usedBytes).mapWith(Number) }).from(mailboxes)
  return rows[0]?.bytes ?? 0
}
