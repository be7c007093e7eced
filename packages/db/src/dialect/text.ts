import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'

/** Escapes text for a `like … escape '\'`. */
export function likeEscape(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}

/** Matches rows whose column contains the text, ignoring the case of ASCII letters. For search boxes of lists. */
export function contains(db: Db, column: AnyColumn, text: string): SQL<boolean> {
  const pattern = `%${likeEscape(text)}%`
  // SQLite's like ignores ASCII case; on PostgreSQL lower() in the columns' "C" collation does the same.
  return db.dialect === 'sqlite'
    ? sql<boolean>`${column} like ${pattern} escape '\\'`
    : sql<boolean>`lower(${column}) like lower(${pattern} collate "C") escape '\\'`
}

/** Matches rows whose column ends with exactly this text. */
export function endsWith(column: AnyColumn, text: string): SQL<boolean> {
  // Lengths in code points on both databases.
  const length = Array.from(text).length
  return sql<boolean>`substr(${column}, length(${column}) - ${sql.raw(String(length - 1))}) = ${text}`
}
