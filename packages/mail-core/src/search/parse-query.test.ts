import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from './parse-query.ts'
import type { SearchClause } from './types.ts'

const NOW = new Date('2024-03-15T12:34:56Z')

function words(field: 'any' | 'subject' | 'sender' | 'recipients', ...tokens: string[]) {
  return { kind: 'text', field, tokens, phrase: tokens.length > 1, prefix: false, negated: false }
}
/** The same typed without quotes: longer words with this beginning match too. */
function prefixWords(...parts: Parameters<typeof words>) {
  return { ...words(...parts), prefix: true }
}
const distinctWords = (count: number): string => Array.from({ length: count }, (_, at) => `w${at}x`).join(' ')

function clauses(query: string): SearchClause[] {
  const parsed = parseQuery(query, NOW)
  expect(parsed.error).toBeNull()
  return parsed.clauses
}

describe('parseQuery', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    ['  ', []],
    ['Hello world', [prefixWords('any', 'hello'), prefixWords('any', 'world')]],
    ['"hello world"', [words('any', 'hello', 'world')]],
    ['東京 会議', [words('any', '東京'), words('any', '会議')]],
    ['東京\u3000"次回 会議"', [words('any', '東京'), words('any', '次回', '回', '会議')]],
    ['都', [{ ...words('any', '都'), prefix: true }]],
    ['k*', [words('any', 'k')]],
    ['a-k*', [words('any', 'a', 'k')]],
    ['in*', [prefixWords('any', 'in')]],
    ['東*', [prefixWords('any', '東')]],
    ['inv*', [{ ...prefixWords('any', 'inv'), prefix: true }]],
    ['from:alice@example.com', [prefixWords('sender', 'alice', 'example', 'com')]],
    ['to:bob SUBJECT:Report', [prefixWords('recipients', 'bob'), prefixWords('subject', 'report')]],
    ['subject:"foo bar" baz', [words('subject', 'foo', 'bar'), prefixWords('any', 'baz')]],
    ['subject:「月次 報告」', [words('subject', '月次', '次', '報告')]],
    ['subject：東京', [words('subject', '東京')]],
    ['-spam', [{ ...prefixWords('any', 'spam'), negated: true }]],
    ['-from:"Bob B"', [{ ...words('sender', 'bob', 'b'), negated: true }]],
    ['-"not this"', [{ ...words('any', 'not', 'this'), negated: true }]],
    ['well-known', [prefixWords('any', 'well', 'known')]],
    ['- a', [words('any', 'a')]],
    ['migrat', [prefixWords('any', 'migrat')]],
    ['"migrat"', [words('any', 'migrat')]],
    ['Jérôme', [prefixWords('any', 'jerome')]],
    ['in', [words('any', 'in')]],
    ['has:attachment', [{ kind: 'attachment', negated: false }]],
    ['-has:attachments', [{ kind: 'attachment', negated: true }]],
    ['is:unread', [{ kind: 'flag', flag: 'seen', value: false, negated: false }]],
    ['is:read', [{ kind: 'flag', flag: 'seen', value: true, negated: false }]],
    ['-is:Starred', [{ kind: 'flag', flag: 'starred', value: true, negated: true }]],
    ['tag:"to do"', [{ kind: 'tag', name: 'to do', negated: false }]],
    ['in:trash', [{ kind: 'folder', name: 'trash', negated: false }]],
    ['before:2024-03-01', [{ kind: 'before', at: new Date('2024-03-01T00:00:00Z'), negated: false }]],
    ['after:2024/2/9', [{ kind: 'after', at: new Date('2024-02-09T00:00:00Z'), negated: false }]],
    ['after:7d', [{ kind: 'after', at: new Date('2024-03-08T12:34:56Z'), negated: false }]],
    ['before:2w', [{ kind: 'before', at: new Date('2024-03-01T12:34:56Z'), negated: false }]],
    ['after:today', [{ kind: 'after', at: new Date('2024-03-15T00:00:00Z'), negated: false }]],
    ['after:yesterday', [{ kind: 'after', at: new Date('2024-03-14T00:00:00Z'), negated: false }]],
    ['filename:report', [prefixWords('any', 'filename', 'report')]],
    ['12:30', [words('any', '12', '30')]],
    ['constructor:x', [words('any', 'constructor', 'x')]],
    ['"unclosed phrase', [words('any', 'unclosed', 'phrase')]],
    ['a"b c"', [words('any', 'a'), words('any', 'b', 'c')]],
    ['!!! ""', [words('any')]],
    ['🎉', [words('any')]],
    ['is:unread 🎉', [{ kind: 'flag', flag: 'seen', value: false, negated: false }, words('any')]],
    ['-spam 🎉', [{ ...prefixWords('any', 'spam'), negated: true }, words('any')]],
    [
      'Invoice – March & April',
      [prefixWords('any', 'invoice'), prefixWords('any', 'march'), prefixWords('any', 'april')],
    ],
    ['subject:🎉 hello', [words('subject'), prefixWords('any', 'hello')]],
    ['-🎉', []],
    // As in a header.
    ['From: ann Subject: "a b"', [prefixWords('sender', 'ann'), words('subject', 'a', 'b')]],
    ['cc:bob', [prefixWords('recipients', 'bob')]],
    ['bcc:\u3000bob', [prefixWords('recipients', 'bob')]],
  ])('%j', (query, expected) => expect(clauses(query)).toEqual(expected))

  it.each([
    ['before:2024-02-30', 'before', /needs a date such as before:2026-01-31/],
    ['x after:soon', 'after', /after:7d/],
    ['before:0000-01-01', 'before', /date/],
    ['after:99999y', 'after', /date/],
    ['has:wings', 'has', /has:attachment/],
    ['is:blue', 'is', /is:unread, is:read and is:starred/],
    ['subject:', 'subject', /needs a value/],
    ['subject: from:ann', 'subject', /needs a value/],
    ['tag:""', 'tag', /tag:invoice/],
    [distinctWords(17), '', /at most 16 different words/],
    [Array.from({ length: 51 }, (_, at) => `tag:${at}`).join(' '), '', /at most 50/],
    [`"${'a '.repeat(401)}"`, '', /too long/],
    [`"${'ab '.repeat(9)}"`, '', /same word at most 8 times/],
    [`-"${'ab cd '.repeat(9)}"`, '', /same word at most 8 times/],
  ])('refuses %j and says what it expects', (query, operator, message) => {
    const { clauses: none, error } = parseQuery(query, NOW)
    expect(none).toEqual([])
    expect(error?.operator).toBe(operator)
    expect(error?.message).toMatch(message)
  })

  it('handles hostile queries in time, with bounded clauses, and never throws', () => {
    const unit = fc.constantFrom('"', '-', ':', 'from:', 'is:', 'a', '東', ' ', '*', '「', '\uD800', 'before:7d')
    fc.assert(fc.property(fc.array(unit, { maxLength: 60 }), (units) => void parseQuery(units.join(''), NOW)))
    for (const piece of ['"', '-', 'a ', 'from:', 'a:', '"" ', '東']) {
      expect(parseQuery(piece.repeat(500_000), NOW).clauses.length).toBeLessThanOrEqual(50)
    }
  })

  it('matches everything only when it is empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (query) => {
        fc.pre(query.trim() !== '')
        const { clauses: found, error } = parseQuery(query, NOW)
        expect(found.length > 0 || error !== null || /^\s*[-\uFF0D]/.test(query)).toBe(true)
      }),
    )
  })
})
