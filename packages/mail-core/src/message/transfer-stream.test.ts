import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { createTransferDecoder } from './transfer-stream.ts'
import type { Encoding } from './types.ts'

/** Decodes in pieces, cycling through these lengths. */
function inPieces(bytes: Buffer, encoding: Encoding, lengths: readonly number[]): Buffer {
  const decoder = createTransferDecoder(encoding)
  const decoded: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    decoded.push(decoder.push(bytes.subarray(at, at + length)))
    at += length
  }
  return Buffer.concat([...decoded, decoder.end()])
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
const lines = (units: readonly string[]) =>
  fc.array(fc.constantFrom(...units), { maxLength: 60 }).map((all) => all.join(''))

/** A message whose only part is a file with these bytes. */
function message(bytes: Buffer, label: string): Buffer {
  const head = `Content-Type: application/zip\r\nContent-Transfer-Encoding: ${label}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}

describe('a part decoded in pieces', () => {
  it.each<[string, fc.Arbitrary<string>]>([
    [
      'base64',
      fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => Buffer.from(bytes).toString('base64').replaceAll(/.{7}/g, '$&\r\n')),
    ],
    ['base64', lines(['A', 'b', '9', '+', '/', '-', '_', '\r\n', ' ', '!', '\0'])],
    ['base64', lines(['QUJD', 'QUI=', 'QQ==', '\r\n', '=', 'list footer', 'QUJDREVG'])],
    [
      'quoted-printable',
      lines(['=', '=\r\n', '=3D', '=C3=A9', 'a', 'F', ' ', '\t', '\r', '\n', '\r\n', '= \n', '     ']),
    ],
    ['quoted-printable', lines(['=', 'plain', ' '.repeat(79), ' '.repeat(80), '\n', 'x'])],
    ['x-uuencode', lines(['begin 644 cat.txt\n', '#0V%T\n', '`\n', 'end\n', 'text'])],
    ['8bit', lines(['a', '=', '\r\n'])],
    ['x-unknown', lines(['a', '=', '\r\n'])],
  ])('is the same as decoded whole: %s', (label, texts) => {
    fc.assert(
      fc.property(texts, lengths, (text, pieces) => {
        const raw = message(Buffer.from(text, 'latin1'), label)
        const file = parseAttachment(raw, 0)
        const { start, end, encoding } = file?.place ?? { start: 0, end: 0, encoding: 'none' }
        expect(inPieces(raw.subarray(start, end), encoding, pieces).toString('latin1')).toBe(
          file?.content.toString('latin1'),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('is returned as it is read, not at its end', () => {
    for (const encoding of ['base64', 'quoted-printable', 'none'] as const) {
      expect(createTransferDecoder(encoding).push(Buffer.from('QUJDREVG\r\n')).length).toBeGreaterThan(0)
    }
  })
})
