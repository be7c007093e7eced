import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** Those of these import keys that a mailbox already has messages for, in any folder. */
export async function findImportKeys(
  db: Db,
  { tenantId, mailboxId }: { tenantId: string; mailboxId: string },
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const { messages } = db.tables
  const rows = await db
    .select({ importKey: messages.importKey })
    .from(messages)
    .where(
      and(eq(messages.tenantId, tenantId), eq(messages.mailboxId, mailboxId), inArray(messages.importKey, [...keys])),
    )
  return new Set(rows.flatMap(({ importKey }) => importKey ?? []))
}
