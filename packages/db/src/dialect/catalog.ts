import { sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'

/** Whether the database has a table of this name. */
export async function hasTable(db: Db, name: string): Promise<boolean> {
  const rows = await runSql(
    db,
    db.dialect === 'sqlite'
      ? sql`select 1 from sqlite_master where name = ${name}`
      : sql`select 1 where to_regclass(${name}) is not null`,
  )
  return rows.length > 0
}
