import { and, inArray, not, type SQL, sql } from 'drizzle-orm'
import type { SearchTokens } from '@mairust/mail-core/message'
import type { SearchClause, SearchField } from '@mairust/mail-core/search'
import { channelOf, type Db } from '../client/db.ts'
import { SEARCH_FIELDS, toVectors, WEIGHTS } from './search-vector.ts'

/** A message for the search index. */
export interface SearchRow {
  tenantId: string
  id: string
  seq: number
  tokens: SearchTokens
}

/** A clause that the index answers. */
export type TextClause = Extract<SearchClause, { kind: 'text' }>

/** Adds messages to the search index, in the transaction that adds their rows. */
export async function insertSearch(tx: Db, rows: readonly SearchRow[]): Promise<void> {
  const channel = channelOf(tx)
  if (tx.dialect === 'sqlite') {
    const text = 'insert into message_search (rowid, subject, sender, recipients, body) values (?, ?, ?, ?, ?)'
    const textsOf = memoize((tokens: SearchTokens) => SEARCH_FIELDS.map((field) => toText(tokens[field])))
    for (const { seq, tokens } of rows) await channel.all(text, [seq, ...textsOf(tokens)])
    return
  }
  const vectorsOf = memoize((tokens: SearchTokens) => toVectors(tokens, isToken))
  const parts = rows.flatMap(({ tenantId, id, tokens }) =>
    vectorsOf(tokens).map((vector, part) => ({ tenantId, id, part, vector })),
  )
  if (parts.length === 0) return
  await channel.all(
    `insert into message_search (tenant_id, message_id, part, tsv)
     select t, m, p, v::tsvector from unnest($1::text[], $2::text[], $3::int[], $4::text[]) as x(t, m, p, v)`,
    [
      parts.map(({ tenantId }) => tenantId),
      parts.map(({ id }) => id),
      parts.map(({ part }) => part),
      parts.map(({ vector }) => vector),
    ],
  )
}

/** Tokens as FTS5 input. They are checked together: checking each alone would take as long as indexing. */
function toText(tokens: string): string {
  const isClean = /^[a-z0-9 ]*$/.test(tokens) || /^[\p{L}\p{N}\p{M} ]*$/u.test(tokens)
  return isClean ? tokens : tokens.split(' ').filter(isToken).join(' ')
}

/** Computes once what all copies of a message share. */
function memoize<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

/** Removes messages from the search index, in the transaction that removes their rows. */
export async function deleteSearch(
  tx: Db,
  rows: readonly { tenantId: string; id: string; seq: number }[],
): Promise<void> {
  const channel = channelOf(tx)
  if (tx.dialect === 'sqlite') {
    for (const { seq } of rows) await channel.all('delete from message_search where rowid = ?', [seq])
    return
  }
  await channel.all(
    `delete from message_search s using unnest($1::text[], $2::text[]) as x(t, m)
     where s.tenant_id = x.t and s.message_id = x.m`,
    [rows.map(({ tenantId }) => tenantId), rows.map(({ id }) => id)],
  )
}

/**
 * The condition of a text clause on `messages`; combine it with the tenant's and the mailbox's. A clause without any usable token
 * matches no message (negated: every one).
 */
export function searchCondition(db: Db, clause: TextClause): SQL {
  const { messages } = db.tables
  const tokens = usableTokens(clause)
  if (tokens === null) return clause.negated ? sql`1 = 1` : sql`1 = 0`
  const holds =
    db.dialect === 'sqlite'
      ? inArray(
          messages.seq,
          sql`(select rowid from message_search where message_search match ${toFts(clause, tokens)})`,
        )
      : // `exists`, not `in`: PostgreSQL would rerun a correlated `in` for every row.
        sql`exists (select 1 from message_search s where s.tenant_id = ${messages.tenantId} and s.message_id = ${messages.id} and s.tsv @@ ${toTsQuery(clause, tokens)}::tsquery)`
  return clause.negated ? not(holds) : (and(holds) ?? holds)
}

/** The clause in FTS5 syntax, ignoring negation; null when it matches nothing. */
export function matchText(clause: TextClause): string | null {
  const tokens = usableTokens(clause)
  return tokens && toFts(clause, tokens)
}

/** The tokens of a clause; null when there are none, or one that no message can contain. */
function usableTokens({ tokens }: TextClause): string[] | null {
  return tokens.length > 0 && tokens.every(isToken) ? tokens : null
}

/** Tokens are letters, digits and marks, so they cannot contain syntax; anything else is not ours. */
function isToken(token: string): boolean {
  return /^[\p{L}\p{N}\p{M}]+$/u.test(token)
}

/** FTS5: `"a b"`, `"a b"*`, `{subject} : "a"`; tokens that need not be adjacent stand alone, which means AND. */
function toFts({ field, phrase, prefix }: TextClause, tokens: string[]): string {
  const end = prefix ? '*' : ''
  const words = phrase ? `"${tokens.join(' ')}"${end}` : `${tokens.map((token) => `"${token}"`).join(' ')}${end}`
  return field === 'any' ? words : `{${field}} : (${words})`
}

/** tsquery: `'a':A <-> 'b':*A`. */
function toTsQuery({ field, phrase, prefix }: TextClause, tokens: string[]): string {
  const weight = (f: SearchField): string => (f === 'any' ? '' : WEIGHTS[f])
  return tokens
    .map((token, at) => {
      const marks = `${prefix && at === tokens.length - 1 ? '*' : ''}${weight(field)}`
      return `'${token}'${marks === '' ? '' : `:${marks}`}`
    })
    .join(phrase ? ' <-> ' : ' & ')
}
