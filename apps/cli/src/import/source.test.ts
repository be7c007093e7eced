import fc from 'fast-check'
import { expect, it } from 'vitest'
import { withCrlf } from './source.ts'
import { decodeModifiedUtf7 } from './utf7.ts'

it('line endings become CRLF and nothing else changes', () => {
  const line = fc.string({ unit: fc.constantFrom('a', '\r\n', '\n', '\xe9') })
  fc.assert(
    fc.property(line, (text) => {
      const result = withCrlf(Buffer.from(text, 'latin1')).toString('latin1')
      expect(result).toBe(text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))
    }),
  )
})

it.each([
  ['&MH4wijCCMEgwSg-', 'まりもえお'],
  ['Entw&APw-rfe', 'Entwürfe'],
  ['A&-B', 'A&B'],
  ['&U,BTFw- &ZeVnLIqe-', '台北 日本語'],
  ['&2D3eAA-', '😀'],
  ['plain', 'plain'],
  // Not modified UTF-7: unchanged.
  ['R&D', 'R&D'],
  ['&AA-', '&AA-'],
  ['&2D0-', '&2D0-'],
  ['Entwürfe', 'Entwürfe'],
])('the mailbox name %s decodes to %s', (name, expected) => expect(decodeModifiedUtf7(name)).toBe(expected))
