import encoding from 'encoding-japanese'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeBytes } from './charset.ts'
import { detectCharset } from './detect.ts'
import { displayName } from './filename.ts'
import { htmlToText } from './html-to-text.ts'
import { makePreview } from './preview.ts'
import { toStoredMessageId, toStoredText } from './stored-text.ts'

function encode(text: string, to: 'SJIS' | 'EUCJP' | 'JIS'): Uint8Array {
  return Uint8Array.from(encoding.convert(encoding.stringToCode(text), { to, from: 'UNICODE' }))
}

describe('charsets', () => {
  // Typical full-width text: kana, punctuation and everyday ideographs.
  const japanese = fc.string({
    unit: fc.constantFrom(
      ...Array.from(
        'あいうえおかがきくけこさしすせそたちつてとのはひふへほメールテスト日本東京会社件名確認送信、。Aa1 ',
      ),
    ),
  })

  it.each(['SJIS', 'EUCJP', 'JIS'] as const)('detects and decodes undeclared Japanese text in %s', (to) => {
    fc.assert(
      fc.property(japanese, (text) => {
        // Few characters, or few different ones, could be another language.
        fc.pre(new Set(text.match(/[^\0-\x7f]/g)).size >= 6)
        expect(decodeBytes(encode(text, to), null)).toBe(text)
      }),
    )
  })

  it('decodes Korean and Cantonese whole, not only what the first standards had', () => {
    const syllables = Array.from({ length: 0xd7a4 - 0xac00 }, (_, at) => String.fromCharCode(0xac00 + at)).join('')
    for (const label of ['euc-kr', 'ks_c_5601-1987', 'cp949', 'windows-949'])
      expect(decodeBytes(iconv.encode(syllables, 'cp949'), label)).toBe(syllables)
    expect(decodeBytes(iconv.encode('안녕하세요, 똠방각하 펲시', 'cp949'), null)).toBe('안녕하세요, 똠방각하 펲시')
    const cantonese = '你好,香港嘅朋友,佢哋喺度食咗飯,碁銹裏墻恒粧嫺'
    for (const label of ['big5', 'big5-hkscs', 'cp950', null])
      expect(decodeBytes(iconv.encode(cantonese, 'big5-hkscs'), label)).toBe(cantonese)
  })

  it.each([
    'ﾃｽﾄ',
    'ﾒｰﾙﾃｽﾄ',
    'ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ',
    'ﾔﾏﾀﾞ ﾀﾛｳ様',
    'ﾃｽﾄ①㈱～髙',
    '口座番号 1234567 ﾔﾏﾀﾞ ﾀﾛｳ',
    'ｶｰﾄﾞご利用のお知らせ',
  ])('believes the label of Japanese text with half-width katakana: %s', (text) =>
    expect(decodeBytes(iconv.encode(text, 'cp932'), 'shift_jis')).toBe(text),
  )

  it.each(['déjà vu', 'père', 'señor', 'naïve', 'Müller', 'Größe', 'Été à la plage', 'São Paulo', 'smörgåsbord'])(
    'recognises %s in Latin-1',
    (text) => expect(decodeBytes(Buffer.from(text, 'latin1'), 'us-ascii')).toBe(text),
  )

  it('judges long text by a sample', () => {
    const text = `${'日本語の長い文章です。'.repeat(7)}\n`.repeat(1000)
    expect(detectCharset(encode(text, 'SJIS'))).toBe('shift_jis')
    expect(detectCharset(encode(text, 'EUCJP'))).toBe('euc-jp')
    const broken = Buffer.concat([Buffer.from(text), Buffer.from([0xff])])
    expect(detectCharset(broken)).toBe('utf-8')
  })

  it.each([
    'utf-8',
    'shift_jis',
    'euc-jp',
    'iso-2022-jp',
    'utf-7',
    'gb18030',
    'big5',
    'utf-16',
    'x',
    '',
    '__proto__',
    'constructor',
  ])('never throws for any bytes labelled %j', (charset) => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeBytes(bytes, charset)))
  })
})

describe('htmlToText', () => {
  it('keeps what a reader sees', () => {
    const html =
      '<title>t</title><h1>Offer</h1><p>a <b>b</b>c&nbsp;&lt;d&#x3042;<br>e<table><tr><td>1<td>2</table><script>x</script>'
    expect(htmlToText(html)).toBe('Offer\n\na bc <dあ\ne\n\n1 2')
  })

  it.each(['<', '<div>', '<a ', '<!--', '&', '&amp', '</', '<script>', '<a href="', '\n', ' ', '<p> '])(
    'handles a megabyte of %j in time',
    (piece) => expect(htmlToText(piece.repeat(1_048_576 / piece.length)).length).toBeLessThanOrEqual(1_048_576),
  )
})

describe('makePreview', () => {
  it('has at most 200 characters and ends at a word', () => {
    const preview = makePreview('word '.repeat(100), null)
    expect(preview.length).toBeLessThanOrEqual(200)
    expect(preview.endsWith('word…')).toBe(true)
  })

  it('prefers text, then HTML, then the quotes', () => {
    expect(makePreview('  \n', '<p>shown</p>')).toBe('shown')
    expect(makePreview('> only\n> quotes', null)).toBe('> only > quotes')
    expect(makePreview(null, null)).toBe('')
  })

  it('drops the padding of marketing mail and never cuts a character in half', () => {
    expect(makePreview(`Sale${'\u034F \u200C'.repeat(50)}now`, null)).toBe('Sale now')
    expect(makePreview('😀'.repeat(300), null).isWellFormed()).toBe(true)
  })
})

describe('displayName', () => {
  it.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\dir\\x.txt', 'C:_dir_x.txt'],
    ['gpj.\u202Eexe', 'gpj.exe'],
    ['a\r\nb\0.txt', 'a b .txt'],
    ['...', 'attachment-1.pdf'],
    ['', 'attachment-1.pdf'],
    ['報告書.pdf', '報告書.pdf'],
  ])('%j → %j', (name, expected) => expect(displayName(name, 'application/pdf', 0)).toBe(expected))

  it.each(['message/feedback-report', 'message/delivery-status', 'text/rfc822-headers'])(
    'is that of a text for a nameless %s',
    (type) => expect(displayName('', type, 0)).toBe('attachment-1.txt'),
  )

  it('shortens long names in the middle', () => {
    const name = displayName(`${'長'.repeat(500)}.pdf`, 'application/pdf', 0)
    expect(name.length).toBeLessThanOrEqual(200)
    expect(name.endsWith('.pdf')).toBe(true)
  })
})

describe('toStoredText', () => {
  it('replaces characters that PostgreSQL refuses and cuts between characters', () => {
    expect(toStoredText('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc')
    expect(toStoredText('😀😀', 3)).toBe('😀')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, max) => {
        const stored = toStoredText(text, max)
        expect(stored.length).toBeLessThanOrEqual(max)
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true)
        expect(toStoredText(stored, max)).toBe(stored)
      }),
    )
  })

  it('hashes only long Message-IDs', () => {
    expect(toStoredMessageId('a@x')).toBe('a@x')
    expect(toStoredMessageId('a'.repeat(255))).toHaveLength(255)
    expect(toStoredMessageId('a'.repeat(256))).toMatch(/^[0-9a-f]{64}$/)
  })
})
