import { parseQuery } from '@mairust/mail-core/search'
import fc from 'fast-check'
import { eq } from 'drizzle-orm'
import { beforeAll, expect, it, vi } from 'vitest'
import { channelOf } from '../client/db.ts'
import { type Database, openDatabase } from '../client/open.ts'
import { createTestDatabase, makeMailbox, makeMessage, makeScope } from '../testing/index.ts'
import { bare, ownMatches } from './own-matches.ts'
import { sortTexts, type TextClause, toFts } from './search-match.ts'

const texts = (q: string): TextClause[] =>
  parseQuery(q, new Date()).clauses.filter((found): found is TextClause => found.kind === 'text')

let database: Database
beforeAll(async () => {
  const { options, drop } = await createTestDatabase('sqlite')
  database = await openDatabase(options)
  return async () => {
    await database.close()
    await drop()
  }
})

const newMailbox = async () => {
  const { db } = database
  const { messages } = db.tables
  const box = await makeMailbox(db, await makeScope(db))
  const readable = eq(bare(messages.mailboxId), box.id)
  return {
    put: (text: string) => makeMessage(database, box, { text, index: { subject: 'none' } }),
    find: (q: string, few = 1000) => ownMatches(db, { ...sortTexts(texts(q)), readable, few }),
  }
}

/** What a search asks the database, but for the positions in it. */
const asked = async (search: () => Promise<unknown>): Promise<unknown[][]> => {
  const all = vi.spyOn(channelOf(database.db), 'all')
  await search()
  const calls = all.mock.calls.map(([text, params]) => [
    text,
    ...params.filter((param) => typeof param !== 'string' || !/^\[[\d,]*\]$/.test(param)),
  ])
  all.mockRestore()
  return calls
}

it('looks a word up once, in however many phrases it is', async () => {
  const mine = await newMailbox()
  await mine.put('blue moon, and kangaroos')
  const calls = await asked(() => mine.find('-"a0 kangar*" -"a1 kangar*" -"a2 kangar*" -"a3 kangar*"'))
  expect(calls.filter(([, expression]) => /^"kangar"\*?$/.test(String(expression)))).toHaveLength(1)
})

it.each([
  ['a word, without other words', 'vaultX -ka* -mo*'],
  ['the words of a phrase', '"vaultX combination ka"'],
  ['a word with others beside it', 'vaultX ka* mo* ri*'],
  ['a phrase whose words the reader has', '"blue moon" vaultX ka*'],
  ['words that the reader has in other messages', 'blue vaultX'],
  ['an excluded word', 'blue -vaultX -ka*'],
  ['the words of an excluded phrase', 'blue -"vaultX combination ka"'],
  ['the words of an excluded phrase, with nothing wanted', '-"vaultX combination ka"'],
])('what a search asks does not tell whether other mail has %s', async (_, q) => {
  const [mine, theirs] = [await newMailbox(), await newMailbox()]
  await mine.put('blue moon, and kangaroos')
  await theirs.put('vault1 combination kangaroo moss river')
  const ask = (word: string) => asked(() => mine.find(q.replace('vaultX', word)))
  const [none, some] = [await ask('vault0'), await ask('vault1')]
  expect(some).toEqual(JSON.parse(JSON.stringify(none).replaceAll('vault0', 'vault1')))
  // FTS5 itself leaves out the rest of an expression in which one word has no match.
  const before = some.slice(
    0,
    some.findIndex(([text]) => String(text).includes('"mailbox_id"')),
  )
  expect(before.length).toBeGreaterThan(0)
  for (const [, expression] of before) expect(expression).toMatch(/^"\w+"\*?$/)
})

it('finds what one expression finds, whether words are common or rare', async () => {
  const { db } = database
  const word = fc.constantFrom('red', 'reed', 'green', 'gold', 'blue', 'black')
  const mails = fc.array(fc.array(word, { maxLength: 5 }), { minLength: 1, maxLength: 8 })
  const term = fc
    .tuple(fc.constantFrom('', '', '-'), fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([sign, words, isPhrase]) => (isPhrase ? `${sign}"${words.join(' ')}"` : `${sign}${words[0]?.slice(0, 3)}*`))
  const queries = fc.array(fc.array(term, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(mails, queries, fc.integer({ min: 0, max: 6 }), async (given, terms, few) => {
      const { put, find } = await newMailbox()
      const mine = new Set<number>()
      for (const words of given) {
        await put(words.join(' '))
        const [[last] = []] = await channelOf(db).all('select max(seq) from messages', [])
        mine.add(last as number)
      }
      const matching = async (clauses: readonly TextClause[], join: 'AND' | 'OR'): Promise<Set<number>> => {
        if (clauses.length === 0) return new Set()
        const text = 'select rowid from message_search where message_search match ?'
        const rows = await channelOf(db).all(text, [toFts(clauses, join)])
        return new Set(rows.map(([row]) => row as number))
      }
      for (const q of terms.map((words) => words.join(' '))) {
        const { wanted, excluded } = sortTexts(texts(q))
        const matches = wanted.length === 0 ? mine : await matching(wanted, 'AND')
        const leftOut = await matching(excluded, 'OR')
        const { rows, without } = await find(q, few)
        if (rows !== null) {
          const right = [...mine].filter((row) => matches.has(row) && !leftOut.has(row))
          expect(new Set(rows), q).toEqual(new Set(right))
          continue
        }
        if (wanted.length > 0) expect(matches.size, q).toBeGreaterThan(few)
        const out = new Set([...without.rows, ...(await matching(without.clauses, 'OR'))])
        for (const row of mine) expect(out.has(row), q).toBe(leftOut.has(row))
      }
    }),
    { numRuns: 60 },
  )
})
