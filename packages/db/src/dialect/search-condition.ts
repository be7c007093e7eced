import { and, type Column, eq, inArray, not, notInArray, type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { sortTexts, type TextClause, toFts, toTsQuery } from './search-match.ts'

/** Up to this many matches are looked up one by one, instead of checking each row of the list against them. */
const FEW = 5_000

/** The condition of a search on `messages`, and how the other conditions must name columns next to it. */
export type SearchCondition = {
  holds: SQL | undefined
  /** The column; in a form that no index serves when `holds` finds the messages. */
  column: (column: Column) => SQL
}

const named = (column: Column): SQL => sql`${column}`
const bare = (column: Column): SQL => sql`+${column}`

/**
 * The condition of a list's text clauses and thread; combine it with the tenant's and the mailbox's.
 *
 * SQLite keeps no statistics and would scan a whole mailbox for a word that occurs in three messages. So this tries the search: what
 * only few messages meet, drives the list, as a thread does. PostgreSQL's planner knows.
 */
export async function searchCondition(
  db: Db,
  clauses: readonly TextClause[],
  threadId?: string,
): Promise<SearchCondition> {
  const inThread = threadId === undefined ? undefined : eq(db.tables.messages.threadId, threadId)
  const { wanted, excluded, isImpossible } = sortTexts(clauses)
  if (isImpossible) return { holds: sql`1 = 0`, column: named }
  if (db.dialect === 'postgres') return { holds: and(inThread, ...inVectors(db, wanted, excluded)), column: named }
  const { seq } = db.tables.messages
  const without = excluded.length === 0 ? undefined : notInArray(seq, matches(toFts(excluded, 'OR')))
  if (wanted.length === 0) return { holds: and(inThread, without), column: inThread ? bare : named }
  const expression = toFts(wanted, 'AND')
  const few = await fewMatches(db, expression)
  const within = few === null ? inArray(seq, matches(expression)) : inArray(seq, few)
  return { holds: and(inThread, within, without), column: few === null && inThread === undefined ? named : bare }
}

/** The positions of the messages that match an FTS5 expression. */
function matches(expression: string): SQL {
  return sql`(select rowid from message_search where message_search match ${expression})`
}

/** The same, found already; null when they are many. */
async function fewMatches(db: Db, expression: string): Promise<SQL | null> {
  const rows = await runSql(
    db,
    sql`select rowid from message_search where message_search match ${expression} limit ${FEW + 1}`,
  )
  if (rows.length > FEW) return null
  return sql`(select value from json_each(${JSON.stringify(rows.map(([position]) => position))}))`
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
