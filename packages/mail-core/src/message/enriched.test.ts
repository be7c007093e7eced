import fc from 'fast-check'
import { expect, it } from 'vitest'
import { enrichedToText } from './enriched.ts'

// RFC 1896 §"Text/enriched", RFC 1341 §7.1.3.
it.each([
  ['<bold>Now</bold> is\nthe time\n\nto <<act>', 'Now is the time\nto <act>'],
  ['<fontfamily><param>Times</param>x</fontfamily>\n\n\ny', 'x\n\ny'],
  ['one<nl>two <lt>three', 'one\ntwo <three'],
  ['1 < 2 and <a@example.net>', '1 < 2 and <a@example.net>'],
])('%j', (enriched, text) => expect(enrichedToText(enriched)).toBe(text))

it('takes linear time', () => {
  for (const piece of ['<', '<param>', '<<', '\n', '<a'])
    expect(enrichedToText(piece.repeat(500_000)).length).toBeLessThanOrEqual(piece.length * 500_000)
  fc.assert(fc.property(fc.string(), (text) => enrichedToText(text).length <= text.length))
})
