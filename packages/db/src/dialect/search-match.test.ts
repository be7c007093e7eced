import { parseQuery } from '@mairust/mail-core/search'
import { expect, it } from 'vitest'
import { channelOf } from '../client/db.ts'
import { withDatabases } from '../testing/index.ts'
import { searchCondition } from './search-condition.ts'
import { type TextClause, toFts, toTsQuery } from './search-match.ts'

const texts = (q: string): TextClause[] =>
  parseQuery(q, new Date()).clauses.filter((found): found is TextClause => found.kind === 'text')

it('all words of a search become one expression, those of one field together', () => {
  expect(toFts(texts('invoice 東京 "on the way" subject:report from:ann subject:may'), 'AND')).toBe(
    '"invoice"* AND "東京" AND "on the way" AND {subject} : ("report"* AND "may"*) AND {sender} : ("ann"*)',
  )
  expect(toFts(texts('-invoice -subject:"monthly report"'), 'OR')).toBe('"invoice"* OR {subject} : ("monthly report")')
  expect(toTsQuery(texts('-invoice -subject:"monthly report"'))).toBe("('invoice':*) | ('monthly':A <-> 'report':A)")
})

withDatabases((get) => {
  const lookups = async (q: string): Promise<number> => {
    const { db } = get()
    const { holds } = await searchCondition(db, { clauses: texts(q), readable: () => undefined })
    if (holds === undefined) throw new Error('the search has no condition')
    return (
      channelOf(db)
        .render(holds)
        .sql.match(/from message_search/g)?.length ?? 0
    )
  }

  it('a search reads the index once, however often it repeats and excludes words', async () => {
    const wanted = 'ka* ma* ta* ra* sa* '
    // On PostgreSQL once for each word, since a long message has several vectors. No message here has one: SQLite looks up none.
    expect(await lookups(wanted.repeat(40))).toBe(get().dialect === 'sqlite' ? 0 : 5)
    expect(await lookups('-ka* -ma* -subject:ta* -from:ra* '.repeat(40))).toBe(1)
  })
})
