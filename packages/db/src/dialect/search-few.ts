import { type Column, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { matchText, type TextClause } from './search.ts'

/** Up to this many matches are looked up one by one, instead of checking each row of the list against them. */
const FEW = 5_000

/** A condition that few messages meet, and how the other conditions must name columns next to it. */
export type FewMatches = {
  holds: SQL
  /** The column in a form that no index serves, so that `holds` finds the messages. */
  bare: (column: Column) => SQL
}

/**
 * SQLite keeps no statistics and would scan a whole mailbox for a word that occurs in three messages. So this tries the clauses:
 * the first that only few messages meet drives the search. Null when none does, and on PostgreSQL, whose planner knows. Skips
 * negated clauses. A thread, if given, always has few.
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
