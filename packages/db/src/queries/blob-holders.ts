import { inArray } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'

/**
 * Every column that holds the key of a stored object. An object that none of them names is an orphan, and pruning removes it: a
 * column that is missing here is lost mail.
 */
export const blobHolders = ({ messages }: Tables): readonly PgColumn[] => [messages.blobKey]

/**
 * Which of these stored objects no row refers to any more, in their order and each once. Looks at all tenants. In a transaction that
 * removes rows it answers for the moment after their removal.
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
