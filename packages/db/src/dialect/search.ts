import type { SearchTokens } from '@mairust/mail-core/message'
import { channelOf, type Db } from '../client/db.ts'
import { isToken } from './search-match.ts'
import { SEARCH_FIELDS, toVectors } from './search-vector.ts'

/** A message for the search index. */
export interface SearchRow {
  tenantId: string
  id: string
  seq: number
  tokens: SearchTokens
}

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
