import { type Column, type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { type TextClause, toFts } from './search-match.ts'

/** Up to this many matches are looked up one by one, instead of checking each row of the list against them. */
export const FEW = 5_000

/** What a search on SQLite looks for, and where. */
export type OwnSearch = {
  /** At least one; all must match. */
  wanted: readonly TextClause[]
  excluded: readonly TextClause[]
  /** The condition on `messages` for those that the reader may see, with columns named by `bare`. */
  readable: SQL | undefined
  /** How many matches are few. */
  few?: number
}

/** A column, in a form that no index serves. */
export const bare = (column: Column): SQL => sql`+${column}`

/** Positions as a list that SQLite looks through. */
export const positionList = (rows: readonly number[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(rows)}))`

/**
 * The positions of the reader's messages that match; null when some thousand messages of the installation have all the words.
 *
 * FTS5 has everybody's mail in one index, and the time of a search would tell what is in that of others: it leaves out the rest of a
 * phrase whose first word nobody has, and the lists of other words when one has no match. So words are looked up one by one, in any
 * case, and everything else only among messages of the reader that have those which few have.
 */
export async function ownMatches(db: Db, search: OwnSearch): Promise<readonly number[] | null> {
  const { wanted, excluded } = search
  const isPhrase = ({ phrase, tokens }: TextClause): boolean => phrase && tokens.length > 1
  const phrases = wanted.filter(isPhrase)
  const words = wordsOf(wanted.filter((clause) => !isPhrase(clause)))
  const one = await narrow(db, null, words, search)
  const two = await narrow(db, one.rows, wordsOf(phrases), search)
  const three = await narrow(db, two.rows, phrases, search)
  const common = [...one.common, ...three.common]
  let { rows } = three
  if (rows === null && common.length > 1) rows = await readable(db, await lookUp(db, common, search), search)
  else if (common.length > 0) rows = await among(db, rows, toFts(common, 'AND'))
  if (rows === null || excluded.length === 0) return rows
  const left = new Set(rows)
  for (const row of (await among(db, rows, toFts(excluded, 'OR'))) ?? []) left.delete(row)
  return [...left]
}

/** The words of clauses as clauses of their own, each once. */
function wordsOf(clauses: readonly TextClause[]): TextClause[] {
  const words = clauses.flatMap((clause) =>
    clause.tokens.map((token, at) => ({
      ...clause,
      tokens: [token],
      prefix: clause.prefix && at === clause.tokens.length - 1,
    })),
  )
  return [...new Map(words.map((word) => [toFts([word], 'AND'), word])).values()]
}

/** Those of `rows` (null: of all) that match the clauses which few messages match; and the other clauses. */
async function narrow(
  db: Db,
  rows: readonly number[] | null,
  clauses: readonly TextClause[],
  search: OwnSearch,
): Promise<{ rows: readonly number[] | null; common: TextClause[] }> {
  const common: TextClause[] = []
  if (rows?.length === 0) return { rows, common }
  let found = rows
  for (const clause of clauses) {
    const matches = await lookUp(db, [clause], search)
    if (matches === null) {
      common.push(clause)
    } else {
      const known = found === null ? null : new Set(found)
      found = matches.filter((row) => known?.has(row) ?? true)
    }
  }
  return { rows: found === rows ? rows : await readable(db, found, search), common }
}

/** The positions of all messages that match; null when they are many. */
async function lookUp(
  db: Db,
  clauses: readonly TextClause[],
  { few = FEW }: OwnSearch,
): Promise<readonly number[] | null> {
  const matches = sql`select rowid from message_search where message_search match ${toFts(clauses, 'AND')} limit ${few + 1}`
  const rows = await positions(db, sql`select json_group_array(rowid) from (${matches})`)
  return rows.length > few ? null : rows
}

async function readable(db: Db, rows: readonly number[] | null, search: OwnSearch): Promise<readonly number[] | null> {
  if (rows === null) return null
  const { messages } = db.tables
  const { seq } = messages
  return positions(
    db,
    sql`select json_group_array(${seq}) from ${messages} where ${seq} in ${positionList(rows)} and ${search.readable ?? sql`1 = 1`}`,
  )
}

/** Those of `rows`, which the reader may see, that match an FTS5 expression; null for null. */
async function among(db: Db, rows: readonly number[] | null, expression: string): Promise<readonly number[] | null> {
  if (rows === null || rows.length === 0) return rows
  const ends = [rows.reduce((a, b) => Math.min(a, b)), rows.reduce((a, b) => Math.max(a, b))]
  // Not `rowid in`: FTS5 would read the lists of a prefix again for each row.
  return positions(
    db,
    sql`select json_group_array(rowid) from message_search where message_search match ${expression} and rowid between ${ends[0]} and ${ends[1]} and +rowid in ${positionList(rows)}`,
  )
}

async function positions(db: Db, query: SQL): Promise<readonly number[]> {
  const [[list] = []] = await runSql(db, query)
  return JSON.parse(list as string) as number[]
}
