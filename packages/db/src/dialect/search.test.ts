import { parseQuery, tokenize } from '@mairust/mail-core/search'
import { and, asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { createTestDatabase, makeMailbox, makeScope, makeMessage, withDatabases } from '../testing/index.ts'
import { type Database, openDatabase } from '../client/open.ts'
import { deleteSearch } from './search.ts'
import { searchCondition } from './search-condition.ts'
import type { TextClause } from './search-match.ts'

interface Mail {
  subject?: string
  text?: string
  from?: string
}

async function newMailbox(database: Database) {
  const scope = await makeScope(database.db)
  const box = await makeMailbox(database.db, scope)
  const put = ({ subject = '', text = '', from = 'a@b.example' }: Mail) =>
    makeMessage(database, box, { text, index: { subject, from: [{ name: '', address: from }] } })
  const find = async (...clauses: TextClause[]): Promise<string[]> => {
    const { messages } = database.db.tables
    const { holds } = await searchCondition(database.db, { clauses, readable: () => undefined })
    const rows = await database.db
      .select({ id: messages.id, subject: messages.subject })
      .from(messages)
      .where(and(eq(messages.mailboxId, box.id), holds))
      .orderBy(asc(messages.seq))
    return rows.map(({ subject }) => subject)
  }
  return { box, put, find }
}

const clause = (text: string, more: Partial<TextClause> = {}): TextClause => {
  const tokens = tokenize(text)
  return { kind: 'text', field: 'any', tokens, phrase: tokens.length > 1, prefix: false, negated: false, ...more }
}
const typed = (q: string): TextClause[] =>
  parseQuery(q, new Date()).clauses.filter((found): found is TextClause => found.kind === 'text')

withDatabases((get) => {
  it('finds words, prefixes, phrases, fields and their negations', async () => {
    const { put, find } = await newMailbox(get())
    await put({ subject: 'one', text: 'The quick brown fox', from: 'alice@example.org' })
    await put({ subject: 'two', text: 'brown quick The fox', from: 'bob@example.org' })
    await put({ subject: 'three alice', text: 'nothing' })
    expect(await find(clause('QUICK'))).toEqual(['one', 'two'])
    expect(await find(clause('quick brown'))).toEqual(['one'])
    expect(await find(clause('quick brown', { phrase: false }))).toEqual(['one', 'two'])
    expect(await find(clause('quick bro', { prefix: true }))).toEqual(['one'])
    expect(await find(clause('noth', { prefix: true }))).toEqual(['three alice'])
    expect(await find(clause('noth'))).toEqual([])
    expect(await find(clause('alice'))).toEqual(['one', 'three alice'])
    expect(await find(clause('alice', { field: 'sender' }))).toEqual(['one'])
    expect(await find(clause('alice', { field: 'subject' }))).toEqual(['three alice'])
    expect(await find(clause('ali', { field: 'sender', prefix: true }))).toEqual(['one'])
    expect(await find(clause('alice', { negated: true }))).toEqual(['two'])
    expect(await find(clause('fox'), clause('alice', { negated: true }))).toEqual(['two'])
    expect(await find(clause('example org', { field: 'body' }))).toEqual([])
  })

  it('finds Japanese inside a sentence, including words of one or two characters', async () => {
    const { put, find } = await newMailbox(get())
    await put({ subject: '会議のお知らせ', text: '来週の東京会議は中止です。' })
    await put({ subject: '京都', text: '京都で会う' })
    for (const q of ['東京', '京会', '東京会議', '議', '中止', '"東京会議は中止"']) {
      expect(await find(...typed(q)), q).toEqual(['会議のお知らせ'])
    }
    expect(await find(...typed('京都'))).toEqual(['京都'])
    expect(await find(...typed('東都'))).toEqual([])
    expect(await find(...typed('subject:会議'))).toEqual(['会議のお知らせ'])
    expect(await find(...typed('-東京'))).toEqual(['京都'])
  })

  it('finds words without their accents, by their beginning, and inside unspaced Thai and Burmese', async () => {
    const { put, find } = await newMailbox(get())
    await put({ subject: 'Rendez-vous Jérôme', text: 'Łódź, Straße, migration' })
    await put({ subject: 'ข้าว', text: 'วันนี้เราไปกินข้าวกันที่ร้านใหม่ ကျွန်တော်စာအုပ်ဖတ်ရတာကြိုက်တယ်' })
    for (const q of ['Jerome', 'jérôme', 'lodz', 'Łodź', 'strasse', 'migrat', '"migration"', 'subject:jer', 'vou']) {
      expect(await find(...typed(q)), q).toEqual(['Rendez-vous Jérôme'])
    }
    for (const q of ['"migrat"', '"Jerom"', 'jn', 'igration']) expect(await find(...typed(q)), q).toEqual([])
    for (const q of ['กินข้าว', 'ร้าน', 'စာအုပ်', '"ไปกินข้าว"']) expect(await find(...typed(q)), q).toEqual(['ข้าว'])
    expect(await find(...typed('กินขาว'))).toEqual([])
  })

  it('finds no phrase across two fields', async () => {
    const { put, find } = await newMailbox(get())
    await put({ subject: 'alpha', from: 'beta@example.org', text: 'gamma' })
    expect(await find(clause('alpha beta'))).toEqual([])
    expect(await find(clause('example gamma'))).toEqual([])
  })

  it('never takes a token for syntax', async () => {
    const { put, find } = await newMailbox(get())
    await put({ subject: 'x', text: 'and or not near' })
    const hostile = [`"`, `'`, `a" OR "x`, `x') | ('x`, `x:*`, `{body}`, `*`, `\\`, `a b`, `-`, `^x`, `\0`, `x&!y`]
    for (const token of hostile) {
      expect(await find(clause('', { tokens: [token], phrase: true }))).toEqual([])
      expect(await find(clause('', { tokens: [token], phrase: true, negated: true }))).toEqual(['x'])
    }
    for (const word of ['and', 'or', 'not', 'near']) expect(await find(clause(word)), word).toEqual(['x'])
  })

  it('finds the end of a long text, and a word that occurs a thousand times', async () => {
    const { put, find } = await newMailbox(get())
    const words = Array.from({ length: 30_000 }, (_, at) => (at % 3 === 0 ? 'again' : `word${at}`))
    await put({ subject: 'long', text: `${words.join(' ')} the very end` })
    expect(await find(clause('the very end'))).toEqual(['long'])
    expect(await find(clause('again word29998'))).toEqual(['long'])
    expect(await find(clause('word14998 again word15001'))).toEqual([])
    // A word from the first part together with one from the last.
    expect(await find(clause('word1'), clause('end'))).toEqual(['long'])
  })

  it('forgets removed messages', async () => {
    const { box, put, find } = await newMailbox(get())
    await put({ subject: 'gone', text: 'needle' })
    const { messages } = get().db.tables
    const rows = await get().db.select().from(messages).where(eq(messages.mailboxId, box.id))
    await get().db.transaction((tx) => deleteSearch(tx, rows))
    expect(await find(clause('needle'))).toEqual([])
  })
})

describe.skipIf(inject('mairustTemplates').postgres === null)('both databases', () => {
  it('find the same', async () => {
    const made = await Promise.all([createTestDatabase('sqlite'), createTestDatabase('postgres')])
    const open = await Promise.all(made.map(({ options }) => openDatabase(options)))
    const word = fc.constantFrom(
      'a',
      'ab',
      'abc',
      'x',
      '東京',
      '京都',
      '東',
      '会議',
      'é',
      'É',
      'ß',
      'and',
      'ｱ',
      'الله',
      '한국어',
      '12',
    )
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))
    const mails = fc.array(fc.record({ subject: text, text }), { minLength: 1, maxLength: 6 })
    const wanted = fc.record({
      text: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
      field: fc.constantFrom<TextClause['field']>('any', 'subject', 'sender', 'recipients', 'body'),
      phrase: fc.boolean(),
      prefix: fc.boolean(),
      negated: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(mails, fc.array(wanted, { minLength: 1, maxLength: 8 }), async (given, queries) => {
        const boxes = await Promise.all(open.map((database) => newMailbox(database)))
        for (const [at, mail] of given.entries()) {
          for (const { put } of boxes) await put({ ...mail, subject: `n${at} ${mail.subject}` })
        }
        for (const { text: query, ...more } of queries) {
          const [lite, pg] = await Promise.all(boxes.map(({ find }) => find(clause(query, more))))
          expect(lite).toEqual(pg)
        }
      }),
      { numRuns: 25 },
    )
    await Promise.all(open.map((database) => database.close()))
    await Promise.all(made.map(({ drop }) => drop()))
  })
})
