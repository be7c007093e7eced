import { and, type Column, eq, inArray, not, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { bare, ownMatches, positionList } from './own-matches.ts'
import { sortTexts, type TextClause, toFts, toTsQuery } from './search-match.ts'

/** The condition of a search on `messages`, and how the other conditions must name columns next to it. */
export type SearchCondition = {
  holds: SQL | undefined
  /** The column; in a form that no index serves when `holds` finds the messages. */
  column: (column: Column) => SQL
}

const named = (column: Column): SQL => sql`${column}`

/** What a list searches for besides its other conditions. */
export type TextSearch = {
  clauses: readonly TextClause[]
  threadId?: string | undefined
  /** The condition on `messages` for those that the reader may see, given how to name columns. */
  readable: (column: (column: Column) => SQL) => SQL | undefined
}

/**
 * The condition of a list's text clauses and thread; combine it with the tenant's and the mailbox's.
 *
 * SQLite keeps no statistics and would scan a whole mailbox for a word that occurs in three messages. So this tries the search: what
 * only few messages meet, drives the list, as a thread does. PostgreSQL's planner knows.
 */
export async function searchCondition(db: Db, { clauses, threadId, readable }: TextSearch): Promise<SearchCondition> {
  const inThread = threadId === undefined ? undefined : eq(db.tables.messages.threadId, threadId)
  const { wanted, excluded, isImpossible } = sortTexts(clauses)
  if (isImpossible) return { holds: sql`1 = 0`, column: named }
  if (db.dialect === 'postgres') return { holds: and(inThread, ...inVectors(db, wanted, excluded)), column: named }
  const { seq } = db.tables.messages
  const { rows, without } = await ownMatches(db, { wanted, excluded, readable: readable(bare) })
  if (rows !== null) return { holds: and(inThread, inArray(seq, positionList(rows))), column: bare }
  const conditions = [
    inThread,
    wanted.length === 0 ? undefined : inArray(seq, matches(toFts(wanted, 'AND'))),
    without.clauses.length === 0 ? undefined : notInArray(seq, matches(toFts(without.clauses, 'OR'))),
    without.rows.length === 0 ? undefined : notInArray(seq, positionList(without.rows)),
  ]
  return { holds: and(...conditions), column: inThread ? bare : named }
}

/** The positions of the messages that match an FTS5 expression. */
function matches(expression: string): SQL {
  return sql`(select rowid from message_search where message_search match ${expression})`
}

/**
 * A long message has several vectors: each word may be in another one, so that one condition cannot ask for all, but can exclude
 * all. `exists`, not `in`: PostgreSQL would rerun a correlated `in` for every row.
 */
function inVectors(db: Db, wanted: readonly TextClause[], excluded: readonly TextClause[]): SQL[] {
  const { messages } = db.tables
  const holds = (clauses: readonly TextClause[]): SQL =>
    sql`exists (select 1 from message_search s where s.tenant_id = ${messages.tenantId} and s.message_id = ${messages.id} and s.tsv @@ ${toTsQuery(clauses)}::tsquery)`
  return [...wanted.map((clause) => holds([clause])), ...(excluded.length === 0 ? [] : [not(holds(excluded))])]
}
