import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from './parse-query.ts'
import { simplify } from './simplify.ts'
import type { SearchClause, SearchField } from './types.ts'

type TextClause = Extract<SearchClause, { kind: 'text' }>

const NOW = new Date('2024-03-15T12:34:56Z')
const parsed = (query: string): SearchClause[] => parseQuery(query, NOW).clauses

describe('simplify', () => {
  it.each([
    ['ka* ma* ka* ma* '.repeat(40), 'ka* ma*'],
    ['has:attachment has:attachment before:2w before:2w', 'has:attachment before:2w'],
    ['inv invoice invoices', 'invoices'],
    ['"invoice" invoice', '"invoice"'],
    ['report subject:"monthly report"', 'subject:"monthly report"'],
    ['"monthly report" "the monthly report of may"', '"the monthly report of may"'],
    ['-invoices -invoice', '-invoice'],
    ['-subject:report -"monthly report" -report', '-report'],
    ['東京 東京都', '東京都'],
  ])('leaves only what matters of %j', (query, rest) => expect(parsed(query)).toEqual(parsed(rest)))

  it.each([
    'subject:report from:report',
    '"invoice" "invoices"',
    'invoice -invoice',
    'subject:report "monthly report"',
    '"report monthly" "monthly report"',
    'is:unread -is:unread',
    'tag:a tag:b in:a in:b',
  ])('keeps all of %j', (query) =>
    expect(parsed(query)).toHaveLength(query.match(/"[^"]*"|[^\s"]+(?:"[^"]*")?/g)?.length ?? 0),
  )

  it('never changes what is found', () => {
    const word = fc.constantFrom('a', 'ab', 'abc', 'b', '東', '東京')
    const field = fc.constantFrom<SearchField>('any', 'subject', 'body')
    const clause = fc.record({
      kind: fc.constant('text' as const),
      field,
      tokens: fc.array(word, { minLength: 1, maxLength: 3 }),
      phrase: fc.boolean(),
      prefix: fc.boolean(),
      negated: fc.boolean(),
    })
    const mail = fc.record({ subject: fc.array(word, { maxLength: 5 }), body: fc.array(word, { maxLength: 5 }) })
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 6 }), mail, (clauses, message) => {
        const holds = (all: readonly SearchClause[]) =>
          all.every((each) => each.kind !== 'text' || occurs(each, message) !== each.negated)
        expect(holds(simplify(clauses))).toBe(holds(clauses))
      }),
      { numRuns: 3000 },
    )
  })
})

/** Whether one field has the tokens, as the index answers it. */
function occurs(clause: TextClause, mail: { subject: string[]; body: string[] }): boolean {
  const fields =
    clause.field === 'any' ? [mail.subject, mail.body] : clause.field === 'subject' ? [mail.subject] : [mail.body]
  const { tokens, prefix } = clause
  const same = (found: string | undefined, at: number): boolean =>
    prefix && at === tokens.length - 1 ? found?.startsWith(tokens[at] ?? '') === true : found === tokens[at]
  if (clause.phrase) {
    return fields.some((words) => words.some((_, from) => tokens.every((_token, at) => same(words[from + at], at))))
  }
  return tokens.every((_, at) => fields.some((words) => words.some((found) => same(found, at))))
}
