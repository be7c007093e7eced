import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queryTokens } from './query-tokens.ts'
import { normalizeText, tokenize, tokenText } from './tokenize.ts'

/** Words and runs of several scripts, and separators. */
const piece = fc.constantFrom(
  'hello',
  'Straße',
  'x2',
  '東',
  '東京',
  '東京都庁',
  'メール',
  'ﾒｰﾙ',
  'カタカナー',
  '々',
  '한국어',
  '한',
  '2024',
  '𠮷野家',
  'ＦＵＬＬ',
  ' ',
  ' ',
  '、',
  '-',
  '"',
  '\n',
)
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

/** Whether `part` occurs in `whole` contiguously; with `prefix` the last token matches by its beginning. */
function contains(whole: string[], part: string[], prefix: boolean): boolean {
  return whole.some((_, start) =>
    part.every((token, offset) => {
      const other = whole[start + offset] ?? ''
      return prefix && offset === part.length - 1 ? other.startsWith(token) : other === token
    }),
  )
}

describe('tokenize', () => {
  it('gives the same tokens joined, and cuts ASCII as it cuts any text', () => {
    const ascii = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', ' ', '-', '@', '\0', '\x7f', 'x'.repeat(64)) })
    fc.assert(
      fc.property(fc.oneof(text, ascii), fc.nat({ max: 12 }), (whole, limit) => {
        const tokens = tokenize(whole, limit)
        expect(tokenText(whole, limit)).toEqual({ text: tokens.join(' '), count: tokens.length })
        // The ideographic space is no ASCII, and in no token.
        expect(tokenize(`\u3000${whole}`, limit)).toEqual(tokens)
      }),
    )
  })

  it.each([
    ['Hello, World-wide 2024!', ['hello', 'world', 'wide', '2024']],
    ['東京都庁で会議', ['東京', '京都', '都庁', '庁で', 'で会', '会議', '議']],
    ['都', ['都']],
    ['メール送信test済', ['メー', 'ール', 'ル送', '送信', '信', 'test', '済']],
    ['ﾒｰﾙ ＡＢＣ', ['メー', 'ール', 'ル', 'abc']],
    ['𠮷野家', ['吉野', '野家', '家']],
    ['髙橋 渡邉 﨑', ['高橋', '橋', '渡辺', '辺', '崎']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['日々〇', ['日々', '々〇', '〇']],
    ['한국어', ['한국', '국어', '어']],
    ['か\u3099', ['が']],
    ['Ärger STRASSE Straße', ['arger', 'strasse', 'strasse']],
    ['Jérôme Łódź Søren Ærø ĐÀ İstanbul', ['jerome', 'lodz', 'soren', 'aero', 'da', 'istanbul']],
    ['Ёжик й', ['ежик', 'и']],
    ['שִׁלּוֹם مُحَمَّد', ['שלום', 'محمد']],
    ['Donau\u00ADdampf\u200Bschiff', ['donaudampfschiff']],
    ['हिन्दी भाषा', ['हिन्दी', 'भाषा']],
    ['ภาษาไทย', ['ภา', 'าษ', 'ษา', 'าไ', 'ไท', 'ทย', 'ย']],
    ['alice@example.com', ['alice', 'example', 'com']],
    ['、。「」！', []],
    ['', []],
  ])('%j', (input, tokens) => expect(tokenize(input)).toEqual(tokens))

  it('is the same for text normalised before', () => {
    const any = fc.oneof(text, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(any, (input) => {
        expect(tokenize(input.normalize('NFKC'))).toEqual(tokenize(input))
      }),
    )
  })

  it('produces tokens that tokenize to themselves', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'grapheme' })), (input) => {
        for (const token of tokenize(input)) expect(tokenize(token)[0]).toBe(token)
      }),
    )
  })

  it('returns no more tokens than the limit, always the first ones', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (input, limit) => {
        expect(tokenize(input, limit)).toEqual(tokenize(input).slice(0, limit))
      }),
    )
  })

  it('cuts long words alike in text and query, never inside a character', () => {
    const word = 'a'.repeat(100)
    expect(tokenize(word)).toEqual(['a'.repeat(64)])
    expect(queryTokens(word).tokens).toEqual(tokenize(word))
    expect(tokenize('a' + '\u{1D4D0}'.repeat(3)).join('')).toBe('aaaa')
    expect(tokenize(`a${'\u{10400}'.repeat(80)}`)[0]?.isWellFormed()).toBe(true)
  })

  it.each(['東', 'a', ' ', 'a ', '東a', '\u0301', 'ﷺ', '\uD800', '"', '𠮷'])(
    'handles a megabyte of %j in time',
    (unit) => {
      expect(tokenize(unit.repeat(1_048_576 / unit.length), 16_000).length).toBeLessThanOrEqual(16_000)
    },
  )
})

describe('hostile marks', () => {
  // Sorting half a million marks would take minutes; the test's own limit is the proof.
  it.each(['\u0301\u0327', '\uFF9E\u0301', '\u0344\u0327'])(
    'a character with half a million of %j is tokenized at once',
    (marks) => {
      expect(tokenize(`a${marks.repeat(262_144)} end`).at(-1)).toBe('end')
    },
  )

  it('keeps as many marks as any language uses', () => {
    expect(tokenize('שִׁלּוֹם')).toEqual(tokenize('שִׁלּוֹם'.normalize('NFD')))
    expect(normalizeText(`ก${'\u0E48'.repeat(31)}`)).toBe(`ก${'\u0E48'.repeat(30)}`)
  })
})

describe('queryTokens', () => {
  it.each([
    ['東京', ['東京'], false],
    ['東京都', ['東京', '京都'], false],
    ['都', ['都'], true],
    ['hello 都', ['hello', '都'], true],
    ['東京 hello', ['東京', '京', 'hello'], false],
    ['hello world', ['hello', 'world'], false],
    ['!?', [], false],
  ])('%j', (query, tokens, prefix) => expect(queryTokens(query)).toMatchObject({ tokens, prefix }))

  it('matches every phrase in every text that contains it', () => {
    const separator = fc.constantFrom(' ', '、', '\n')
    fc.assert(
      fc.property(text, separator, text, separator, text, (before, left, phrase, right, after) => {
        const { tokens, prefix } = queryTokens(phrase)
        fc.pre(tokens.length > 0)
        expect(contains(tokenize(before + left + phrase + right + after), tokens, prefix)).toBe(true)
      }),
    )
  })

  it.each([
    ['Thai', 'วันนี้อากาศดีมากเราไปกินข้าวกันที่ร้านใหม่', ['อากาศ', 'กินข้าว', 'ร้าน', 'ดี']],
    ['Lao', 'ຂ້ອຍມັກກິນເຂົ້າຢູ່ເຮືອນ', ['ກິນ', 'ເຮືອນ']],
    ['Khmer', 'ខ្ញុំចូលចិត្តអានសៀវភៅ', ['សៀវភៅ', 'អាន']],
    ['Burmese', 'ကျွန်တော်စာအုပ်ဖတ်ရတာကြိုက်တယ်', ['စာအုပ်', 'ဖတ်']],
  ])('finds words inside unspaced %s', (_script, sentence, words) => {
    for (const word of words) {
      const { tokens, prefix } = queryTokens(word)
      expect(contains(tokenize(sentence), tokens, prefix), word).toBe(true)
    }
    expect(contains(tokenize(sentence), queryTokens(Array.from(sentence).reverse().join('')).tokens, false)).toBe(false)
  })

  it('finds Chinese, Japanese and Korean phrases inside a sentence without any space', () => {
    const run = fc.string({ unit: fc.constantFrom('東', '京', '都', 'は', 'カ', 'ー', '々', '한', '𠮷'), minLength: 1 })
    fc.assert(
      fc.property(run, run, run, (before, phrase, after) => {
        const { tokens, prefix } = queryTokens(phrase)
        expect(contains(tokenize(before + phrase + after), tokens, prefix)).toBe(true)
        expect(contains(tokenize(before + phrase), tokens, prefix)).toBe(true)
      }),
    )
  })
})
