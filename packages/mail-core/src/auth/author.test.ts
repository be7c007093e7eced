import { describe, expect, it } from 'vitest'
import { buildIndex } from '../message/index.ts'
import { check, type Txt } from './testing/check.ts'

// Mail from x.example, which SPF passes: only for an author whom every program shows may DMARC pass too.
const RECORDS: Txt = {
  'x.example': 'v=spf1 ip4:192.0.2.1 -all',
  '_dmarc.x.example': 'v=DMARC1; p=reject',
  '_dmarc.bank.example': 'v=DMARC1; p=reject',
}
const bytes = (from: string, more = '') => Buffer.from(`${from}\r\n${more}Subject: Hello\r\n\r\nHello.\r\n`, 'latin1')
const JIS = 'Content-Type: text/plain; charset=iso-2022-jp\r\n'
const SJIS = 'Content-Type: text/plain; charset=shift_jis\r\n'
const SHIFT = '\x1b$B'
const BACK = '\x1b(B'

describe('an author whom all programs show', () => {
  it.each([
    ['alone', 'From: me@x.example'],
    ['with a name', 'From: Me <me@x.example>'],
    ['in upper case', 'FROM: Me <ME@X.EXAMPLE>'],
    ['folded', 'From: Me\r\n <me@x.example>'],
    ['with an address as the name', 'From: me@x.example <me@x.example>'],
    ['with brackets in the name', 'From: [List] Me <me@x.example>'],
    ['with a comma in the name', 'From: Example, Me <me@x.example>'],
    ['with a comment', 'From: me@x.example (Me)'],
    ['with an odd quote', 'From: "Me" "me" me" <me@x.example>'],
    ['with an encoded name', 'From: =?utf-8?B?PGNlb0BiYW5rLmV4YW1wbGU+?= <me@x.example>'],
    ['with a name in Latin-1', 'From: Ren\xe9 <me@x.example>'],
    ['with a name in Shift_JIS', `From: \x8e\x52\x93\x63\x83\x5c\x83\x40 <me@x.example>\r\n${SJIS.trimEnd()}`],
    ['with a name in ISO-2022-JP', `From: ${SHIFT};3ED${BACK} <me@x.example>\r\n${JIS.trimEnd()}`],
    [
      'with a name in ISO-2022-JP that has brackets for bytes',
      `From: ${SHIFT};3<D"(${BACK} <me@x.example>\r\n${JIS.trimEnd()}`,
    ],
    ['with a name in UTF-8', Buffer.from('From: 山田 <me@x.example>').toString('latin1')],
    ['in a group', 'From: Team: me@x.example, you@x.example;'],
  ])('%s, passes', async (_, from) => {
    const { form, dmarc } = await check(bytes(from), RECORDS)
    expect([form.kind, dmarc.result]).toEqual(['good', 'pass'])
  })
})

describe('an author whom some programs do not show', () => {
  it.each([
    ['of two in brackets', 'From: Me <me@x.example> <ceo@bank.example>'],
    ['of two without a comma', 'From: ceo@bank.example me@x.example'],
    ['behind a comment without an end', 'From: ceo@bank.example (<me@x.example>'],
    ['behind a semicolon', 'From: ceo@bank.example; <me@x.example>'],
    ['behind a quote without an end', 'From: "ceo@bank.example <me@x.example>'],
    ['behind an escaped quote', 'From: "\\"<ceo@bank.example>\\" <me@x.example>'],
    ['of an encoded word with brackets', 'From: =?utf-8?Q?A <ceo@bank.example>?= <me@x.example>'],
    [
      'instead of one within a shift to Japanese',
      `From: ${SHIFT}<ceo@bank.example>${BACK} <me@x.example>\r\n${JIS.trimEnd()}`,
    ],
    ['behind a shift to Japanese', `From: ${SHIFT}<me@x.example>${BACK} <ceo@bank.example>\r\n${JIS.trimEnd()}`],
    ['within a shift to Japanese', `From: ${SHIFT}"${BACK} <ceo@bank.example>, " <me@x.example>\r\n${JIS.trimEnd()}`],
    ['behind a blank of some charsets', 'From: "A"\xa0<ceo@bank.example>, "B" <me@x.example>'],
    ['with a blank of some charsets', 'From: me@x.example\xa0'],
    ['behind a tilde of Chinese', 'From: ~{<me@x.example>~} <ceo@bank.example>'],
    ['with a name too long to be shown', `From: ${'a'.repeat(400)}@x.example`],
  ])('%s, does not pass', async (_, from) => {
    const { form, dmarc, spf } = await check(bytes(from), RECORDS)
    expect(spf.result).toBe('pass')
    expect(form.kind).toBe('doubtful')
    expect(dmarc.result).not.toBe('pass')
  })

  it.each([
    ['a folded name', 'From\r\n : me@x.example'],
    ['a line that is no field', 'From: me@x.example\r\nno field\r\n <ceo@bank.example>'],
    ['a fold that only some read', 'From: Me <me@x.example>\r\n\xa0<ceo@bank.example>'],
    ['a header of which not all is read', `${'X: y\r\n'.repeat(995)}From: me@x.example`],
    ['a header too long to be read', `X: ${'y\r\n '.repeat(80_000)}z\r\nFrom: me@x.example`],
  ])('because of %s, does not pass', async (_, from) => {
    const { form, dmarc } = await check(bytes(from), RECORDS)
    expect(form.kind).toBe('doubtful')
    expect(dmarc.result).not.toBe('pass')
  })

  it.each([
    ['a folded name', 'From\r\n : me@x.example\r\nFrom: ceo@bank.example'],
    ['white space before the colon', 'From : me@x.example\r\nFrom: ceo@bank.example'],
  ])('beside another one with %s is one of several', async (_, from) => {
    const { form, dmarc } = await check(bytes(from), RECORDS)
    expect([form.kind, dmarc.result]).toEqual(['several_authors', 'permerror'])
  })
})

it('is never another one than our own pages show, whatever the bytes of the field', async () => {
  const pieces = [
    '"',
    '<',
    '>',
    ',',
    ';',
    ':',
    '(',
    ')',
    '\\',
    ' ',
    '\xa0',
    '\x9a',
    SHIFT,
    BACK,
    '~{',
    '~}',
    '=?utf-8?Q?',
    '?=',
    '\x83',
    '\r\n ',
  ]
  const words = ['me@x.example', '<me@x.example>', 'ceo@bank.example', '<ceo@bank.example>', 'A']
  let seed = 1
  const next = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n
  let passes = 0
  for (let round = 0; round < 3000; round += 1) {
    const value = Array.from({ length: 2 + next(7) }, () =>
      next(2) === 0 ? pieces[next(pieces.length)] : words[next(words.length)],
    ).join('')
    for (const more of [
      '',
      JIS,
      SJIS,
      'Content-Type: text/plain; charset=windows-1252\r\n',
      'Content-Type: text/plain; charset=koi8-r\r\n',
    ]) {
      const message = bytes(`From: ${value}`, more)
      const { dmarc } = await check(message, RECORDS)
      if (dmarc.result !== 'pass') continue
      passes += 1
      const shown = buildIndex(Buffer.concat([Buffer.from('Received: x\r\n'), message])).from
      expect(shown.map(({ address }) => address.split('@').at(-1)?.toLowerCase())).toEqual(shown.map(() => 'x.example'))
    }
  }
  expect(passes).toBeGreaterThan(50)
})
