import { describe, expect, it } from 'vitest'
import { buildIndex } from './index-task.ts'

const LENGTH = 200_000
const FIELDS = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References']

/** What a parser looks for, tries to close, or cuts off: repeated, it must not cost more than its length. */
const PIECES = [
  ...': , ; < > " ( ) [ ] @ . \\ * = \' \u00A0 \u202E \u0301 東 "\\ () <> <a@b> <a a: a:; mailto: a"b (a'.split(' '),
  ...[' ', 'a@b ', 'a@b .', '\r\n ', '1 ', 'from x ', ' , :', '=?', '=?a?q?', '=?utf-8?q?=?=', '=?utf-8?b?QQ?= '],
  ...['=?utf-8?q?a?=41?=', '=?utf-7?q?+AGE-?= ', 'a=b;', 'name*0=a;', ' name='],
]

// Some of this runs in the process that serves SMTP: a pattern like `:+$` on a header of colons stopped it for seconds.
describe('a header is read in linear time', () => {
  it.each(PIECES)('of %j again and again', (piece) => {
    const value = `a${piece.repeat(LENGTH / Buffer.byteLength(piece))}x`
    for (const field of FIELDS) {
      const index = buildIndex(Buffer.from(`${field}: ${value}\r\nX-Next: y\r\n\r\nText\r\n`))
      expect(index.preview).toBe('Text')
    }
  })
})
