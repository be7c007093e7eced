import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { decodingPoints, POINT_BYTES } from './decoding-points.ts'
import { createTransferDecoder, decodeInPieces } from './transfer-stream.ts'
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
    ['quoted-printable', lines(['=', 'x', ' '.repeat(500), '\t'.repeat(999), ' '.repeat(998), '\r\n', '\r'])],
    [
      'x-uuencode',
      lines([
        'begin 644 cat.txt\r\n',
        '!\r\n',
        '&\n',
        '#0V%T',
        '\n',
        'M'.repeat(99),
        ' '.repeat(120),
        '\r',
        'end\n',
        '`\n',
      ]),
    ],
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
    for (const encoding of ['base64', 'quoted-printable', 'uuencode', 'none'] as const) {
      expect(createTransferDecoder(encoding).push(Buffer.from('#0V%T\r\n#0V%T\r\n')).length).toBeGreaterThan(0)
    }
  })

  it.each<[Encoding, string]>([
    ['base64', 'Q'],
    ['base64', 'QUI=\r\n!'],
    ['quoted-printable', '= \t'],
    ['quoted-printable', '='],
    ['quoted-printable', ' '],
    ['quoted-printable', '\r'],
    ['uuencode', 'x'],
    ['uuencode', 'begin 644 a'],
    ['uuencode', ' \t'],
  ])('keeps little back, however %s does not end (%j)', (encoding, start) => {
    const decoder = createTransferDecoder(encoding)
    for (const text of [start, start.slice(-1).repeat(5000), ' '.repeat(5000), '!'.repeat(5000), start.repeat(5000)]) {
      decoder.push(Buffer.from(text))
      expect(decoder.state().rest.length).toBeLessThanOrEqual(1100)
    }
  })

  it('is not longer than a line says, in any piece', () => {
    const lines = Buffer.from('&\n'.repeat(100_000))
    expect(inPieces(lines, 'uuencode', [65_536])).toHaveLength(600_000)
    expect(decodeInPieces(lines, 'uuencode')).toHaveLength(600_000)
  })
})

describe('the points of a part', () => {
  const text = fc.constantFrom(
    '=41=\r\n',
    'plain text \r\n',
    ' ',
    '=',
    '\t\t \r\n',
    'QUJD',
    'QQ==\r\n',
    '!\r\n',
    '#0V%T\r\n',
    '~',
    '&\n',
  )
  const bodies = fc.array(text, { minLength: 1, maxLength: 12 }).map((units) => {
    const unit = units.join('')
    return Buffer.from(unit.repeat(Math.ceil((3.5 * POINT_BYTES) / unit.length)), 'latin1')
  })

  it.each<Encoding>(['base64', 'quoted-printable', 'uuencode'])(
    'are places where decoding goes on as it was: %s',
    (encoding) => {
      fc.assert(
        fc.property(bodies, (body) => {
          const whole = decodeInPieces(body, encoding)
          const message = Buffer.concat([Buffer.from('header'), body])
          const points = decodingPoints(message, { start: 6, end: message.length, encoding })
          expect(points).toHaveLength(Math.ceil(body.length / POINT_BYTES) - 1)
          for (const { encoded, decoded, state } of points) {
            const decoder = createTransferDecoder(encoding, state)
            const rest = Buffer.concat([decoder.push(message.subarray(encoded)), decoder.end()])
            expect(rest.equals(whole.subarray(decoded))).toBe(true)
          }
        }),
        { numRuns: 30 },
      )
    },
  )

  it('are none where any byte can be read at once', () => {
    const bytes = Buffer.alloc(3 * POINT_BYTES)
    expect(decodingPoints(bytes, { start: 0, end: bytes.length, encoding: 'none' })).toEqual([])
    expect(decodingPoints(bytes, { start: 0, end: POINT_BYTES, encoding: 'base64' })).toEqual([])
  })
})
