import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWords } from './words.ts'

describe('decodeWords', () => {
  // The examples of RFC 2047 §8 for unstructured text.
  it.each([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
  ])('%s', (encoded, decoded) => expect(decodeWords(encoded)).toBe(decoded))

  it.each([
    ['=?utf-8?B?5pc=?= =?UTF-8?B?pQ==?=', '日', 'a character over two words'],
    ['=?utf-8?B?5pel5p?= =?utf-8?B?ys?=', '日本', 'a base64 group over two words'],
    ['=?utf-8?Q?=E6=97?= =?utf-8?B?pQ==?=', '日', 'a character over two encodings'],
    ['=?utf-8*ja?Q?=E6=97=A5?=', '日', 'a language suffix'],
    ['=?utf-8?Q?two words?=', 'two words', 'white space inside'],
    ['x=?utf-8?Q?y?=z', 'xyz', 'a word without white space around'],
    ['=?utf-8?Q?=ZZ=4?=', '=ZZ=4', 'malformed escapes'],
    ['=?utf-8?X?abc?=', '=?utf-8?X?abc?=', 'an unknown encoding'],
    ['=?utf-8?Q?a=0D=0ABcc:_x?=', 'a  Bcc: x', 'an encoded line end'],
    ['=?no-such-charset?Q?=E6=97=A5?=', '日', 'an unknown charset'],
    ['=?utf-8?B??=', '', 'an empty word'],
    ['=?', '=?', 'an unfinished word'],
  ])('%s → %s (%s)', (encoded, decoded) => expect(decodeWords(encoded)).toBe(decoded))

  it('restores any text, split into words anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 20 }), (text, size) => {
        fc.pre(text.isWellFormed() && !/\p{Cc}|\uFEFF/u.test(text))
        const bytes = Buffer.from(text)
        const words: string[] = []
        for (let at = 0; at < bytes.length; at += size) {
          words.push(`=?utf-8?B?${bytes.subarray(at, at + size).toString('base64')}?=`)
        }
        expect(decodeWords(words.join('\t'))).toBe(text)
      }),
    )
  })
})
