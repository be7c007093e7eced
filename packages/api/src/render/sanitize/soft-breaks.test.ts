import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitizeMail } from './sanitize.ts'
import { createSoftBreaks } from './soft-breaks.ts'

const show = (html: string): string => sanitizeMail(html, { cid: () => null, remote: () => null }).html
/** The longest run of a page in which a browser looks up words. */
const longest = (html: string): number =>
  Math.max(
    ...html
      .replaceAll(/<(?!wbr)[^>]*>/g, '')
      .split(/[ \n]|<wbr>/)
      .map((run) => (/[\u0E01-\u0E5B\u1780-\u17F9]/.test(run) ? run.length : 0)),
  )

describe('long runs that browsers look up in a dictionary', () => {
  it.each([
    ['Thai', 'สวัสดีครับ'.repeat(7000)],
    ['one letter', 'ก'.repeat(79_000)],
    ['Khmer', 'ជំរាបសួរ'.repeat(7000)],
    ['letters between others', 'กa'.repeat(30_000)],
    ['letters between signs', 'กข&amp;<ข'.repeat(8000)],
    ['letters in elements of their own', '<b>กข</b><i>a</i>'.repeat(3000)],
    ['letters between spaces at which no line breaks', 'กข\u00A0ก\uFEFFข&nbsp;'.repeat(4000)],
    ['a link', `<a href="https://a.example/">${'ก'.repeat(5000)}</a>`],
  ])('are divided in HTML: %s', (_, html) => {
    const shown = show(`<p>${html}</p>`)
    expect(longest(shown)).toBeLessThanOrEqual(340)
    expect(/&\w*<wbr>/.test(shown)).toBe(false)
  })

  it('are divided only between characters, and nothing is lost', () => {
    const part = fc.constantFrom(
      'ก',
      'กี่',
      '😀',
      'ที่',
      'x',
      '&amp;',
      '&lt;',
      ' ',
      '\n',
      'a\u0301',
      'ก'.repeat(299),
      'x'.repeat(700),
    )
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 30 }), { maxLength: 4 }), (texts) => {
        const divide = createSoftBreaks()
        for (const words of texts) {
          const text = words.join('')
          const parts = divide(text)
          expect(parts.join('')).toBe(text)
          for (const [at, one] of parts.entries()) {
            expect(one.isWellFormed()).toBe(true)
            expect(one).not.toMatch(/&\w*$/)
            if (at > 0) expect(one).not.toMatch(/^\p{M}/u)
          }
        }
      }),
    )
  })

  it.each(['x'.repeat(100_000), '東京'.repeat(50_000), 'สวัสดีครับ '.repeat(5000), `${'x'.repeat(5000)} ก`, ''])(
    'are all that is divided',
    (text) => expect(createSoftBreaks()(text)).toHaveLength(1),
  )
})
