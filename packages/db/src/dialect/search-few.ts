import { type Column, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { matchText, type TextClause } from './search.ts'

/** Matches up to which they are looked up one by one, instead of each row of the list being looked up among them. */
const FEW = 5_000

/** The condition of a text clause that few messages meet, and how the other conditions name columns beside it. */
export type FewMatches = {
  holds: SQL
  /** The column in a form that no index answers to, so that the messages are found by `holds`. */
  bare: (column: Column) => SQL
}

/**
 * SQLite keeps no statistics and would walk through a whole mailbox for a word that stands in three messages. So the clauses are tried:
 * the first that only few messages meet becomes what finds them. Null when none does, and on PostgreSQL, whose planner knows.
 * Negated clauses are passed over. A thread, where one is named, is always few.
 */
export async function findFewMatches(
  db: Db,
  clauses: readonly TextClause[],
  threadId: string | undefined,
): Promise<FewMatches | null> {
  if (db.dialect !== 'sqlite') return null
  const bare = (column: Column): SQL => sql`+${column}`
  if (threadId !== undefined) return { holds: eq(db.tables.messages.threadId, threadId), bare }
  for (const clause of clauses) {
    const match = clause.negated ? null : matchText(clause)
    if (match === null) continue
    const rows = await runSql(
      db,
      sql`select rowid from message_search where message_search match ${match} limit ${FEW + 1}`,
    )
    if (rows.length > FEW) continue
    const positions = JSON.stringify(rows.map(([seq]) => seq))
    return {
      holds: inArray(db.tables.messages.seq, sql`(select value from json_each(${positions}))`),
      bare,
    }
  }
  return null
}
