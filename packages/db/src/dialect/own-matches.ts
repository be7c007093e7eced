import { randomInt } from 'node:crypto'
import { type Column, type SQL, sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'
import { type TextClause, toFts } from './search-match.ts'

/** From this many matches on, up to twice as many, the rows of the list are checked against them, instead of looking each up. */
const FEW = 4_000

/** What a search on SQLite looks for, and where. */
export type OwnSearch = {
  /** All must match. */
  wanted: readonly TextClause[]
  /** None must match. */
  excluded: readonly TextClause[]
  /** The condition on `messages` for those that the reader may see, with columns named by `bare`. */
  readable: SQL | undefined
  /** How many matches are few. */
  few?: number
}

/** What is known of the messages that match. */
export type OwnMatches = {
  /** The positions of the reader's messages; null when some thousand of the installation have all that is wanted. */
  rows: readonly number[] | null
  /** Beside null: positions that are excluded, and clauses that many messages match, which are to be excluded, too. */
  without: { rows: readonly number[]; clauses: readonly TextClause[] }
}

/** A column, in a form that no index serves. */
export const bare = (column: Column): SQL => sql`+${column}`

/** Positions as a list that SQLite looks through. */
export const positionList = (rows: readonly number[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(rows)}))`

/**
 * The reader's messages that match.
 *
 * FTS5 has everybody's mail in one index, and the time of a search would tell what is in that of others: it leaves out the rest of a
 * phrase whose first word nobody has, and the lists of other words when one has no match. So words are looked up one by one, in any
 * case, and everything else only among messages of the reader that have those which few have. Where few end is drawn anew for each
 * search, so that nobody can bring a word of theirs so close to it that one more message decides.
 */
export async function ownMatches(db: Db, given: OwnSearch): Promise<OwnMatches> {
  const search = { few: FEW + randomInt(FEW), ...given, known: new Map<string, readonly number[] | null>() }
  const rows = search.wanted.length === 0 ? null : await allOf(db, search.wanted, search)
  if (rows?.length === 0) return { rows, without: NOTHING }
  const phrases = search.excluded.filter(isPhrase)
  const found = await inTurn(phrases, (phrase) => allOf(db, [phrase], search))
  const without = {
    rows: found.flatMap((matches) => matches ?? []),
    clauses: [
      ...search.excluded.filter((clause) => !isPhrase(clause)),
      ...phrases.filter((_, at) => found[at] === null),
    ],
  }
  if (rows === null) return { rows, without }
  const left = new Set(rows)
  for (const row of without.rows) left.delete(row)
  if (without.clauses.length > 0) {
    for (const row of await among(db, [...left], toFts(without.clauses, 'OR'))) left.delete(row)
  }
  return { rows: [...left], without: NOTHING }
}

const NOTHING = { rows: [], clauses: [] }

type Limited = OwnSearch & {
  few: number
  /** What words were looked up: phrases have the same ones again. */
  known: Map<string, readonly number[] | null>
}

const isPhrase = ({ phrase, tokens }: TextClause): boolean => phrase && tokens.length > 1

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}

/** The positions of the reader's messages that match all clauses; null when those with all the words are many. */
async function allOf(db: Db, clauses: readonly TextClause[], search: Limited): Promise<readonly number[] | null> {
  const phrases = clauses.filter(isPhrase)
  const one = await narrow(db, null, wordsOf(clauses.filter((clause) => !isPhrase(clause))), search)
  const two = await narrow(db, one.rows, wordsOf(phrases), search)
  const three = await narrow(db, two.rows, phrases, search)
  const common = [...one.common, ...three.common]
  if (common.length === 0) return three.rows
  if (three.rows !== null) return among(db, three.rows, toFts(common, 'AND'))
  return common.length === 1 ? null : readable(db, await lookUp(db, common, search), search)
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
  search: Limited,
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
  { few, known }: Limited,
): Promise<readonly number[] | null> {
  const expression = toFts(clauses, 'AND')
  const before = known.get(expression)
  if (before !== undefined) return before
  const matches = sql`select rowid from message_search where message_search match ${expression} limit ${few + 1}`
  const rows = await positions(db, sql`select json_group_array(rowid) from (${matches})`)
  const found = rows.length > few ? null : rows
  known.set(expression, found)
  return found
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

/** Those of `rows`, which the reader may see, that match an FTS5 expression. */
async function among(db: Db, rows: readonly number[], expression: string): Promise<readonly number[]> {
  if (rows.length === 0) return rows
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
