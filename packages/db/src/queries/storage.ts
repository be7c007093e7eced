import { sum } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** Bytes of mail in all mailboxes. Takes no tenant: it is for the installation's operator. */
export async function sumUsedBytes(db: Db): Promise<number> {
  const { mailboxes } = db.tables
  const rows = await db.select({ bytes: sum(mailboxes.usedBytes).mapWith(Number) }).from(mailboxes)
  return rows[0]?.bytes ?? 0
}
