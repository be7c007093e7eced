import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeaderScanner, splitHeaders } from './index.ts'

const HOST = 'mx.example.com'
const CAPS = { headerBytes: 1_000_000, headerFields: 10_000 }

function scan(lines: readonly string[]) {
  const scanner = new HeaderScanner(HOST)
  let at = 0
  for (const line of lines) {
    const bytes = Buffer.from(line, 'latin1')
    scanner.take(bytes, 0, bytes.length)
    at += bytes.length + 2
    scanner.endLine(at)
    if (line === '') break
  }
  return scanner.facts()
}
const split = (lines: readonly string[], reading: 'strict' | 'tolerant') => {
  const bytes = Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1')
  return splitHeaders(bytes, 0, bytes.length, CAPS, reading)
}

const line = fc.oneof(
  fc.constantFrom(
    'From: a@x.example',
    'From : b@x.example',
    'from\t:c@x.example',
    'Fr om: d@x.example',
    ' folded',
    '\tfrom: folded',
    'junk',
    '--boundary',
    '--from: f@x.example',
    '>From x',
    'From x Mon',
    ': no name',
    'From\x80: e@x.example',
    'Subject:',
    `Authentication-Results: ${HOST}; spf=pass`,
    `${'x'.repeat(1200)}: far`,
    '',
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
)

describe('the guard and the parser', () => {
  it('see the same fields, whatever the message begins with, once our own fields precede it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const facts = scan(lines)
        const fields = split(['Received: ours', ...lines], 'tolerant').fields.slice(1)
        const from = fields.filter(({ name }) => name.toLowerCase() === 'from').length
        expect(facts.headerFields).toBe(fields.length)
        expect(facts.singleFields.get('from') ?? 0).toBe(from)
      }),
      { numRuns: 2000 },
    )
  })

  it('see the same as the strict reading, when it has no objection', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const strict = split(lines, 'strict')
        if (!strict.malformed) expect(strict).toEqual(split(lines, 'tolerant'))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the strict reading', () => {
  it.each(['From : a@x.example', 'Fr om: a', 'F\xe9: a', ': a', 'From a@x.example Mon', 'no field'])(
    'objects to %j anywhere',
    (bad) => {
      expect(split([bad, 'To: b', ''], 'strict').malformed).toBe(true)
      expect(split(['To: b', bad, ''], 'strict').malformed).toBe(true)
    },
  )

  it('accepts folds, and every name of printable ASCII', () => {
    expect(split(['X-\x21\x7e[]{}: a', ' folded', '\t', ''], 'strict')).toMatchObject({ malformed: false })
    expect(split([' folded', 'To: b'], 'strict').malformed).toBe(true)
  })
})

describe('the scanner', () => {
  it('stays small for any input, and says so when it cannot report everything', () => {
    const forged = [`Authentication-Results: ${HOST}`, 'To: x']
    expect(scan(Array.from({ length: 100 }, () => forged).flat()).forgedResults).toHaveLength(100)
    expect(scan(Array.from({ length: 101 }, () => forged).flat()).forgedResults).toBeNull()
    expect(scan([...Array.from({ length: 101 }, () => forged[0] ?? ''), '']).forgedResults).toHaveLength(1)
  })

  it.each([
    ['junk', []],
    ['>From x', []],
    [' folded', [{ from: 0, to: 9 }]],
    ['\t', [{ from: 0, to: 3 }]],
  ])('is not misled by a message that begins with %j', (first, continued) => {
    const forged = `Authentication-Results: ${HOST}; dmarc=pass`
    const lines = [first, 'From: a@x.example', 'From: b@x.example', 'Received: by x', forged, '']
    const { forgedResults, receivedCount, singleFields } = scan(lines)
    const from = lines.slice(0, 4).join('').length + 8
    expect(forgedResults).toEqual([...continued, { from, to: from + forged.length + 2 }])
    expect([singleFields.get('from'), receivedCount]).toEqual([2, 1])
  })

  it.each([
    [['Authentication-Results', ` : ${HOST}; dmarc=pass`]],
    [['authentication-results \t', ' ', `\t:${HOST};`, ' dmarc=pass']],
  ])('finds results in our name whose name is folded before the colon: %j', (lines) => {
    for (const [before, after] of [
      [['From: a@x.example'], ['To: b', '']],
      [['Received: by x', 'no field'], ['']],
    ] as const) {
      const from = before.reduce((sum, each) => sum + each.length + 2, 0)
      const to = lines.reduce((sum, each) => sum + each.length + 2, from)
      expect(scan([...before, ...lines, ...after]).forgedResults).toEqual([{ from, to }])
    }
    expect(scan([lines[0] ?? '', 'To: b', ' : x', '']).forgedResults).toEqual([])
    expect(scan(lines.map((each) => each.replace(HOST, 'other.example'))).forgedResults).toEqual([])
  })

  it('recognises our Received field in any position and folding', () => {
    const id = 'jrn_01h455vb4pex5vsknk084sn02q'
    const other = Array.from({ length: 200 }, () => 'Received: from a by b; x')
    expect(scan([...other, 'Received: from c', ` by ${HOST} with ESMTPS`, `\tid ${id};`, ' date']).ownReceived).toBe(
      true,
    )
    expect(scan([...other, 'Received: from c', ` by ${HOST} with ESMTPS`, 'junk', `\tid ${id};`]).ownReceived).toBe(
      false,
    )
  })
})
