import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, normaliseAddress } from '../address/index.ts'
import { parseAddressList } from '../message/addresses.ts'
import { readAddresses, readMailboxes } from './index.ts'

const keys = (value: string): string[] | null => readMailboxes(value)?.map(addressKey) ?? null

describe('originator fields', () => {
  it.each<[string, string[]]>([
    ['me@x.example', ['me@x.example']],
    ['<me@x.example>', ['me@x.example']],
    ['Me <me@x.example>', ['me@x.example']],
    ['Dr. J. Doe <me@x.example>', ['me@x.example']],
    ['"Me, <ceo@x.example>" <me@x.example>', ['me@x.example']],
    ['"a \\" b"<me@x.example> (at home (really))', ['me@x.example']],
    ['(first) me@x.example (last \\) )', ['me@x.example']],
    ['=?UTF-8?B?5bGx55Sw?= =?UTF-8?Q?a_b?= <me@x.example>', ['me@x.example']],
    ['山田 太郎 <me@x.example>', ['me@x.example']],
    ['Me <Me@X.example>, you@x.example', ['me@x.example', 'you@x.example']],
    ['"john doe"@x.example', ['"john doe"@x.example']],
    ['me@[192.0.2.1]', ['me@[192.0.2.1]']],
  ])('are read from %s', (value, expected) => {
    expect(keys(value)).toEqual(expected)
  })

  it.each([
    '',
    'Me',
    'Me <me@x.example> <ceo@x.example>',
    'Me <me@x.example> ceo@x.example',
    'ceo@x.example <me@x.example>',
    'me@x.example ceo@x.example',
    'me@x.example,',
    ', me@x.example',
    'me@x.example; ceo@x.example',
    'Team: me@x.example;',
    'Me <me@x.example',
    'Me <me@x.example>>',
    'Me <<me@x.example>>',
    'Me < me@x.example >',
    'Me <@relay.example:me@x.example>',
    'Me <me@x.example,ceo@x.example>',
    'Me (<ceo@x.example>',
    'Me "<ceo@x.example> <me@x.example>',
    'me @x.example',
    'me@x.example\0',
    'me@x.example\u2028',
    '<>',
    'me@x.example@y.example',
  ])('are not read from %j', (value) => {
    expect(keys(value)).toBeNull()
  })

  it('are read alike by every parser', () => {
    const piece = fc.constantFrom(
      ...[
        'me@x.example',
        '<ceo@x.example>',
        'Me',
        '"',
        '\\',
        '<',
        '>',
        '(',
        ')',
        ',',
        ';',
        ':',
        ' ',
        '.',
        '@',
        '=?u?q?a?=',
      ],
    )
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join('')),
        (value) => {
          const strict = readMailboxes(value)
          if (strict === null) return
          const shown = parseAddressList(value).map(({ address }) => normaliseAddress(address) ?? address)
          expect(shown).toEqual(strict.map(addressKey))
        },
      ),
      { numRuns: 5000 },
    )
  })
})

describe('recipient fields', () => {
  it('may contain groups', () => {
    const read = (value: string) => readAddresses(value)?.map(addressKey) ?? null
    expect(read('Team: a@x.example, B <b@x.example>;, c@x.example')).toEqual([
      'a@x.example',
      'b@x.example',
      'c@x.example',
    ])
    expect(read('undisclosed-recipients:;')).toEqual([])
    expect(read('Team: a@x.example')).toBeNull()
    expect(read('Team: a@x.example; b@x.example')).toBeNull()
    expect(read('A: B: a@x.example;;')).toBeNull()
  })
})

it('a long value is parsed in linear time', () => {
  for (const text of [
    'a '.repeat(100_000),
    '('.repeat(200_000),
    '"a'.repeat(100_000),
    'a@'.repeat(100_000),
    'a,'.repeat(100_000),
  ]) {
    expect(readAddresses(text)).toBeNull()
    expect(readMailboxes(text)).toBeNull()
  }
})
