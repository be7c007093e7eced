import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressKey, normaliseAddress } from '../../address/index.ts'
import { readMessage } from '../parse.ts'
import { composeSubmission } from './submission.ts'

const compose = (from: string) =>
  composeSubmission(Buffer.from(`From: ${from}\r\n\r\n`), {
    hostname: 'mx.example.com',
    now: new Date('2026-11-01T00:00:00Z'),
    newMessageId: () => 'x@example.com',
  })

it.each([
  't"a@a.example," <u2@a.example>',
  'Boss"x <ta@a.example>," <u2@a.example>',
  'r"oot@a.example,"\r\n <u2@a.example>',
  'ser"vice@bank.example," <u2@a.example>',
  // Shifts to other characters, behind which brackets are none.
  'Boss (\x1b$B\x1b(B) <ta@a.example>, ) <u2@a.example>',
  '(\x1b$B$3$s$K$A$O\x1b(B) <root@a.example>, ) <u2@a.example>',
  '~{VPNDVPND(x~} <ta@a.example>, (~{VPND~}) ) <u2@a.example>',
  '~{VPND~} ~{VPND~} ~{(V~} <service@bank.example>, ) <u2@a.example>',
  // Read as Shift_JIS, its last letter takes the backslash.
  `"${Buffer.from('c38ed08ed293cc96da8ad48ed08ed293cc96da8ad495', 'hex').toString()}\\" <ta@a.example>, " <u2@a.example>`,
])('a header in which readers see other authors is refused: %j', (from) => {
  expect(compose(from)).toMatchObject({ kind: 'refuse', reason: 'from_syntax' })
})

it.each([
  'u2@a.example',
  '"Two, U" <u2@a.example>',
  String.raw`"U \"Two\" X" <u2@a.example>`,
  '"Two U"<u2@a.example>',
  "John O'Neil <u2@a.example>",
  '=?utf-8?q?J=C3=BCrgen?= <u2@a.example>',
  '山田 太郎 (営業) <u2@a.example>',
  'A <u2@a.example>,\r\n "B, C" <u3@bücher.example>',
  '"much more"@a.example',
  'Владимир Иванов <u2@a.example>',
  '"Müller, Jörg" <u2@a.example>',
  'בן־גוריון <u2@a.example>',
  'u~2 <u2@a.example>',
])('honest authors are accepted: %j', (from) => {
  expect(compose(from)).toMatchObject({ kind: 'accept' })
})

it('whoever reads an accepted message sees its authors', () => {
  const pieces = [
    '"',
    '\\',
    '<',
    '>',
    '(',
    ')',
    '@',
    ',',
    ';',
    ':',
    '.',
    ' ',
    '\r\n ',
    '\t',
    'a',
    'é',
    '""',
    '"x"',
    '[',
  ]
  const addresses = ['ta@a.example', '<ta@a.example>', '<u2@a.example>', ' <u2@a.example>', ', <u2@a.example>', '\\"']
  const words = [
    '=?utf-8?q?=22?=',
    '=?utf-8?q?=3Cta=40a.example=3E?=',
    '\u00a0',
    '\ufeff',
    '＠',
    '\x0b',
    '\x7f',
    '\u2028',
  ]
  const from = fc.array(fc.constantFrom(...pieces, ...addresses, ...words), { maxLength: 8 }).map((all) => all.join(''))
  fc.assert(
    fc.property(from, (value) => {
      const made = compose(`${value} <u2@a.example>`)
      if (made.kind !== 'accept') return
      const { index } = readMessage(Buffer.concat([...made.header, Buffer.from('hi\r\n')])).parsed
      const seen = new Set(index.from.map(({ address }) => normaliseAddress(address)))
      expect([...seen].sort()).toEqual([...new Set(made.authors.map(addressKey))].sort())
    }),
    { numRuns: 20_000 },
  )
})
