import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddressList } from './addresses.ts'
import { SHOWN } from './shown.ts'

describe('parseAddressList', () => {
  it.each<[string, [name: string, address: string][]]>([
    ['a@example.com', [['', 'a@example.com']]],
    ['<a@example.com>', [['', 'a@example.com']]],
    [
      'Alice <a@example.com>, Bob <b@example.com>',
      [
        ['Alice', 'a@example.com'],
        ['Bob', 'b@example.com'],
      ],
    ],
    ['"Doe, Jane" <a@example.com>', [['Doe, Jane', 'a@example.com']]],
    [String.raw`"A \"B\" \\ C" <a@example.com>`, [[String.raw`A "B" \ C`, 'a@example.com']]],
    ['a@example.com (Alice (the) B)', [['Alice (the) B', 'a@example.com']]],
    [
      'Team: a@example.com, Bob <b@example.com>; c@example.com',
      [
        ['', 'a@example.com'],
        ['Bob', 'b@example.com'],
        ['', 'c@example.com'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    [
      'a@example.com; b@example.com',
      [
        ['', 'a@example.com'],
        ['', 'b@example.com'],
      ],
    ],
    ['=?utf-8?Q?Doe,_Jane?= <a@example.com>', [['Doe, Jane', 'a@example.com']]],
    ['"=?utf-8?B?5pel?=" <a@example.com>', [['日', 'a@example.com']]],
    ['=?utf-8?Q?a=40evil.example?= <a@example.com>', [['a@evil.example', 'a@example.com']]],
    ['"a@evil.example" <b@example.com>', [['a@evil.example', 'b@example.com']]],
    ['<@relay.example,@x.example:a@example.com>', [['', 'a@example.com']]],
    ['"john doe"@example.com', [['', '"john doe"@example.com']]],
    ['Alice a@example.com', [['Alice', 'a@example.com']]],
    ['Alice', [['Alice', '']]],
    ['a@example.com,,, ,', [['', 'a@example.com']]],
    ['Alice <a@example.com', [['Alice', 'a@example.com']]],
    ['<>', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(parseAddressList(text)).toEqual(expected.map(([name, address]) => ({ name, address })))
  })

  it('limits the number of mailboxes: one more than is shown tells that there are more', () => {
    expect(parseAddressList('a@example.com,'.repeat(5000))).toHaveLength(SHOWN.mailboxes + 1)
  })

  it('reads a field of any length', () => {
    const many = Array.from({ length: 300_000 }, (_, at) => `u${at}@a.example`)
    expect(parseAddressList(many.join(' '))).toHaveLength(SHOWN.mailboxes + 1)
  })

  it('never throws, and never lets a line end or bracket into an address', () => {
    const unit = fc.constantFrom('"', '\\', '<', '>', '(', ')', ',', ';', ':', '@', 'a', ' ', '\r\n', '=?utf-8?q?=0A?=')
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        for (const { address } of parseAddressList(units.join(''))) expect(address).not.toMatch(/[\r\n<>]/)
      }),
    )
  })
})
