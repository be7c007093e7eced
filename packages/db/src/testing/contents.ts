import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'

/** The content of each table, as text to compare. */
export type Contents = Readonly<Record<keyof Tables, string>>

/** Reads the whole database. */
export async function contentsOf(db: Db): Promise<Contents> {
  const read = Object.entries(db.tables).map(async ([name, table]) => {
    const rows = await db.select().from(table)
    const texts = rows.map((row) =>
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    )
    return [name, texts.sort().join('\n')] as const
  })
  // Cast: the names are those of the tables.
  return Object.fromEntries(await Promise.all(read)) as Contents
}

/** The tables whose content changed, except the notifications between processes. */
export function changedTables(before: Contents, after: Contents): (keyof Tables)[] {
  // Cast: see above.
  const names = Object.keys(before) as (keyof Tables)[]
  return names.filter((name) => name !== 'changes' && before[name] !== after[name])
}
