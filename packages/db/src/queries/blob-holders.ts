import { inArray } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'

/**
 * Every column that holds a blob key. A blob that none of them references is an orphan that pruning removes: a column missing here
 * means lost mail.
 */
export const blobHolders = ({ messages, outgoing, returnedMail }: Tables): readonly PgColumn[] => [
  messages.blobKey,
  outgoing.blobKey,
  returnedMail.blobKey,
]

/**
 * Those of these blobs that no row references, in order and each once, across all tenants. In a transaction that removes rows, it
 * reflects their removal.
 */
export async function unreferencedBlobs(tx: Db, keys: readonly string[]): Promise<string[]> {
  const left = new Set(keys)
  for (const column of blobHolders(tx.tables)) {
    if (left.size === 0) break
    const used = await tx
      .selectDistinct({ key: column })
      .from(column.table)
      .where(inArray(column, [...left]))
    for (const { key } of used) left.delete(String(key))
  }
  return [...left]
}
