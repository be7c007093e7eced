import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddressList } from './addresses.ts'
import { parseMessage } from './parse.ts'
import { parseStructured } from './params.ts'
import { repliedIdsOf } from './thread.ts'
import { decodeWords } from './words.ts'

describe('names with characters that should be quoted', () => {
  const name = fc
    .array(fc.constantFrom('Ann', 'Smith', 'Jr.', 'Inc', 'Sales', ',', ':', '"', "'", '(EU)', '=?utf-8?Q?Doe=2C_J?='), {
      maxLength: 5,
    })
    .map((words) => words.join(' '))
  it('never hide the address or create another one', () => {
    fc.assert(
      fc.property(name, name, (first, second) => {
        const list = parseAddressList(`${first} <a@example.net>, ${second} <b@example.net>`)
        expect(list.every(({ address }) => address !== '')).toBe(true)
        // An unclosed quote may swallow the next mailbox, but not its own.
        if (!`${first}${second}`.includes('"')) {
          expect(list.map(({ address }) => address)).toEqual(['a@example.net', 'b@example.net'])
        }
        expect(parseAddressList(`${first} <a@example.net>`).map(({ address }) => address)).toEqual(['a@example.net'])
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, [string, string][]]>([
    ['Smith, Jr <j@example.net>', [['Smith, Jr', 'j@example.net']]],
    [
      'iZotope, Inc. <i@x.example>, Bob <b@x.example>',
      [
        ['iZotope, Inc.', 'i@x.example'],
        ['Bob', 'b@x.example'],
      ],
    ],
    ['HowlRound: A Center <w@h.example>', [['HowlRound: A Center', 'w@h.example']]],
    ['"Tan Tanaka,<d@v.example>', [['Tan Tanaka', 'd@v.example']]],
    ['"Blah "One, comma" bar" <l@d.example>', [['Blah "One, comma bar', 'l@d.example']]],
    ['"Meyer, Greg <g@c.example>"', [['Meyer, Greg', 'g@c.example']]],
    [`'Smith, Joe' <a@x.example>`, [['Smith, Joe', 'a@x.example']]],
    [
      'Alice <a@x> Bob <b@x>',
      [
        ['Alice', 'a@x'],
        ['Bob', 'b@x'],
      ],
    ],
    [
      '<a@x> <b@y>',
      [
        ['', 'a@x'],
        ['', 'b@y'],
      ],
    ],
    [
      'a@x b@y',
      [
        ['', 'a@x'],
        ['', 'b@y'],
      ],
    ],
    [
      'Alice (Sales <a@x>, Bob <b@x>',
      [
        ['Alice (Sales', 'a@x'],
        ['Bob', 'b@x'],
      ],
    ],
    ['<mailto:a@b.c>', [['', 'a@b.c']]],
    ['<<a@b.c>>', [['', 'a@b.c']]],
    ['"a@b.c"', [['', 'a@b.c']]],
    ['undisclosed-recipients:', []],
    ['Bob <b@x>, Alice', [['Bob', 'b@x']]],
    ['=?utf-8?Q?ceo=40bank.example?=', [['ceo@bank.example', '']]],
    // RFC 5322 appendix A.5 and A.6; reports: staktrace/mailparse 141, jakartaee/mail-api 764.
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', [['Pete', 'pete@silly.test']]],
    ['"Odd" <"a(b)c"@silly.test>', [['Odd', '"a(b)c"@silly.test']]],
    [
      'Mary <@node.test:mary@example.net>, , jdoe@test  . example',
      [
        ['Mary', 'mary@example.net'],
        ['', 'jdoe@test.example'],
      ],
    ],
    ['Ann [ann@example.net]', [['Ann', 'ann@example.net']]],
    ['Ann [mailto:ann@example.net]', [['Ann', 'ann@example.net']]],
    ['ann@[192.0.2.1]', [['', 'ann@[192.0.2.1]']]],
  ])('%s', (text, expected) => {
    expect(parseAddressList(text)).toEqual(expected.map(([label, address]) => ({ name: label, address })))
  })
})

describe('text cut inside a character', () => {
  it('stays UTF-8, whatever else its last bytes could be', () => {
    const letters = fc.array(fc.constantFrom('会', '議', 'é', 'я', '😀', 'ก', '한'), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(letters, fc.nat(), (characters, seed) => {
        const bytes = Buffer.from(characters.join(''))
        const cut = bytes.subarray(0, 1 + (seed % bytes.length))
        const whole = new TextDecoder('utf-8').decode(cut)
        // A lone first byte could be a letter in another charset.
        fc.pre(cut.length > 1)
        expect(decodeWords(`=?utf-8?B?${cut.toString('base64')}?=`)).toBe(whole)
      }),
    )
    expect(decodeWords('=?utf-8?Q?caf=E9?=')).toBe('café')
  })
})

describe('encoded words in wrong places', () => {
  it.each([
    ['=?UTF-8?Q?What is new this week? [ask]?=', 'What is new this week? [ask]'],
    ['=?UTF-8?Q?Really?=3F_yes?= x', 'Really?? yes x'],
    ['=?utf-8?Q?abc =?utf-8?Q?def?=', '=?utf-8?Q?abc def'],
    ['=?utf-8?B?YWI=YWJj?=', 'ababc'],
    ['=?utf-8?Q?Hello?==?utf-8?Q?_World?=', 'Hello World'],
  ])('%s', (text, expected) => expect(decodeWords(text)).toBe(expected))
})

describe('parameters without semicolons and quotes', () => {
  it.each([
    ['text/html charset=utf-8', 'text/html', { charset: 'utf-8' }],
    ['text/plain, charset="utf-8" format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['multipart/mixed boundary="a b"', 'multipart/mixed', { boundary: 'a b' }],
    ['attachment; filename=a; b.pdf', 'attachment', { filename: 'a; b.pdf' }],
    ['attachment; filename=""; filename="b.pdf"', 'attachment', { filename: 'b.pdf' }],
    ['attachment; filename="b.pdf"; filename*=', 'attachment', { filename: 'b.pdf' }],
    ["attachment; filename*=UTF-8'=?UTF-8?Q?=E6=97=A5.pdf?=", 'attachment', { filename: '日.pdf' }],
    ['attachment; filename==?utf-8?B?dGVzdC50eHQ=?=', 'attachment', { filename: 'test.txt' }],
  ])('%s', (text, type, params) => {
    const { value, params: read } = parseStructured(text)
    expect(value.split(/[\s,]/, 1)[0]).toBe(type)
    expect(Object.fromEntries(read)).toEqual(params)
  })
})

describe('the Message-IDs that a message replies to', () => {
  it.each<[string, string[]]>([
    ['Your message of Tue, 10 Nov 2026 from <boss@example.org>', []],
    ['Your message of Wed from <boss@example.org>', []],
    ['Message from Pat <pat@example.org> of "Tue, 10 Nov 2026" <o1@a>', ['o1@a']],
    ['Your message of "Tue, 10 Nov 1998 09:00:00 +0900." <1@h>', ['1@h']],
    [`Pat's message of "Tue, 10 Nov 1998 09:00:00 EST" <1@h>`, ['1@h']],
    ['<1@h> from "John Doe" at Nov 10, 97 09:00:00 am', ['1@h']],
    ['<a@x> <b@x>', ['a@x', 'b@x']],
    ['<a@x> (comment of x)', ['a@x']],
    ['a@x, b@x', ['a@x', 'b@x']],
    ['Message from pat@example.org of Tue', []],
    // Report: neomutt 2315.
    ['=?utf-8?q?=3C1=40h=2Eexample=3E?=', ['1@h.example']],
    ['<=?us-ascii?Q?1234567890?=\r\n =?us-ascii?Q?@h=2Eexample?=>', ['1234567890@h.example']],
  ])('%s', (value, ids) => expect(repliedIdsOf(value)).toEqual(ids))
})

describe('a file in any transfer encoding', () => {
  const uuencode = (bytes: Buffer): string => {
    const lines: string[] = []
    const digit = (value: number) => (value === 0 ? '`' : String.fromCharCode(32 + value))
    for (let at = 0; at < bytes.length; at += 45) {
      const line = bytes.subarray(at, at + 45)
      let text = digit(line.length)
      for (let of = 0; of < line.length; of += 3) {
        const group = ((line[of] ?? 0) << 16) | ((line[of + 1] ?? 0) << 8) | (line[of + 2] ?? 0)
        for (const shift of [18, 12, 6, 0]) text += digit((group >> shift) & 63)
      }
      lines.push(text)
    }
    return ['begin 644 file.bin', ...lines, '`', 'end'].join('\r\n')
  }
  const blocks = (bytes: Buffer, size: number): string => {
    const pieces: string[] = []
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size).toString('base64'))
    return pieces.join('\r\n')
  }

  it('is never truncated, in base64 with blocks of any size or uuencoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (data, size) => {
        const bytes = Buffer.from(data)
        const sizeOf = (label: string, body: string) =>
          parseMessage(
            Buffer.from(
              `Content-Type: application/zip\r\nContent-Transfer-Encoding: ${label}\r\n\r\n${body}\r\n`,
              'latin1',
            ),
          ).index.attachments[0]?.size
        expect(sizeOf('base64', blocks(bytes, size))).toBe(bytes.length)
        expect(sizeOf('x-uuencode', uuencode(bytes))).toBe(bytes.length)
        const inText = parseMessage(
          Buffer.from(`Subject: x\r\n\r\nBefore\r\n${uuencode(bytes)}\r\nAfter\r\n`, 'latin1'),
        )
        expect(inText.index.attachments).toMatchObject([{ filename: 'file.bin', size: bytes.length }])
        expect(inText.text).toMatch(/Before.*After/s)
      }),
      { numRuns: 500 },
    )
  })
})
