import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryChunks, arbitraryCleanBytes, arbitraryDataBytes, rawMessage } from '../testing/index.ts'
import type { DataProblem, LineGuardOptions } from './line-guard.ts'
import { LineGuard } from './line-guard.ts'

const WIDE = { maxLine: 1000, maxSize: 1_000_000, hostname: 'mx.example.com' } as const

function pass(chunks: readonly (string | Buffer)[], options: Partial<LineGuardOptions> = {}) {
  const guard = new LineGuard({ mode: 'refuse', ...WIDE, ...options })
  const given = chunks.map((chunk) => guard.write(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, 'latin1')))
  const facts = guard.end()
  return { facts, text: Buffer.concat(given).toString('latin1') }
}

describe('line ends', () => {
  // Known ways to make servers see a false end of data (SMTP smuggling).
  it.each<[string, DataProblem]>([
    ['a\n.\nb', 'bare_lf'],
    ['a\r\n.\nb', 'bare_lf'],
    ['a\n.\r\nb', 'bare_lf'],
    ['a\r.\rb', 'bare_cr'],
    ['a\r.\r\nb', 'bare_cr'],
    ['a\r\n.\rb', 'bare_cr'],
    ['a\n\r.\r\nb', 'bare_lf'],
    ['a\r\r\n.\r\n', 'bare_cr'],
    ['a\r\n\0.\r\n', 'nul'],
    ['a\r\n.\0\r\n', 'nul'],
    ['a\r\0\n', 'bare_cr'],
    ['a\r', 'bare_cr'],
    ['\n', 'bare_lf'],
  ])('refuses %j', (text, problem) => {
    expect(pass([text]).facts.problem).toBe(problem)
    expect(pass(Array.from(text)).facts.problem).toBe(problem)
  })

  it('recognises a CRLF split across chunks', () => {
    const { facts, text } = pass(['a\r', '\nb\r', '', '\n'])
    expect(facts).toMatchObject({ problem: null, lines: 2, size: 6 })
    expect(text).toBe('a\r\nb\r\n')
  })

  it('turns a bare LF into CRLF for submission, and nothing else', () => {
    const { facts, text } = pass(['a\nb\r\n', '\nc\n\n', 'd'], { mode: 'normalise' })
    expect(text).toBe('a\r\nb\r\n\r\nc\r\n\r\nd')
    expect(facts).toMatchObject({ problem: null, size: 14, lines: 6, headerSize: 8 })
    expect(pass(['a\rb'], { mode: 'normalise' }).facts.problem).toBe('bare_cr')
    expect(pass(['a\0b'], { mode: 'normalise' }).facts.problem).toBe('nul')
  })

  it('returns the same chunk when nothing changes', () => {
    const chunk = Buffer.from('a\r\nb\r\n')
    expect(new LineGuard({ mode: 'refuse', ...WIDE }).write(chunk)).toBe(chunk)
  })

  it('returns nothing after a problem, but keeps counting', () => {
    const guard = new LineGuard({ mode: 'refuse', ...WIDE })
    guard.write(Buffer.from('a\n'))
    expect(guard.problem).toBe('bare_lf')
    expect(guard.write(Buffer.from('rest')).length).toBe(0)
    expect(guard.end()).toMatchObject({ size: 6, problem: 'bare_lf' })
  })
})

describe('sizes', () => {
  it('limits lines without their line end, across chunks', () => {
    const options = { maxLine: 5 }
    expect(pass(['12345\r\n12345'], options).facts.problem).toBeNull()
    expect(pass(['123456'], options).facts.problem).toBe('line_too_long')
    expect(pass(['123', '45', '6\r\n'], options).facts.problem).toBe('line_too_long')
    expect(pass(['12345\r', '\n'], options).facts.problem).toBeNull()
  })

  it('limits the message', () => {
    expect(pass(['1234\r\n'], { maxSize: 6 }).facts.problem).toBeNull()
    expect(pass(['1234\r\n', '7'], { maxSize: 6 }).facts.problem).toBe('too_large')
    expect(pass(['1234\r', '\n7'], { maxSize: 5 }).facts.problem).toBe('too_large')
    expect(pass(['1234567'], { maxSize: 6 }).facts).toMatchObject({ problem: 'too_large', size: 7 })
  })
})

describe('header', () => {
  it('finds the end of the header and counts what matters', () => {
    const raw = rawMessage(
      [
        ['Received', 'from a by b;\r\n\tMon, 1 Jan 2026 00:00:00 +0000'],
        ['X-Received', 'no'],
        ['received ', 'from c by d'],
        ['From', 'a@example.com'],
        ['FROM', 'b@example.com'],
        ['__proto__', 'x'],
      ],
      ['Received: in the body', 'From: in the body'],
    )
    const { facts } = pass([raw])
    expect(facts).toMatchObject({ headerFields: 6, receivedCount: 2, problem: null })
    expect([...facts.singleFields]).toEqual([['from', 2]])
    expect(raw.subarray((facts.headerSize ?? 0) - 4, facts.headerSize ?? 0).toString()).toBe('\r\n\r\n')
  })

  it('may be the whole message, or empty', () => {
    expect(pass(['Subject: x']).facts).toMatchObject({ headerSize: null, headerFields: 1, lines: 1 })
    expect(pass(['\r\nbody\r\n']).facts).toMatchObject({ headerSize: 2, headerFields: 0 })
    expect(pass([]).facts).toMatchObject({ headerSize: null, size: 0, lines: 0 })
  })

  it('reports where results in our name are in its output', () => {
    const forged = 'Authentication-Results: mx.example.com;\n spf=pass\n'
    const header = `From: a@example.com\n${forged}${forged}To: b@example.com\n${forged}\n`
    const { facts, text } = pass([header, forged], { mode: 'normalise' })
    const without = (facts.forgedResults ?? []).map(({ from, to }) => text.slice(from, to))
    const given = forged.replaceAll('\n', '\r\n')
    expect(without).toEqual([given + given, given])
  })
})

describe('chunks', () => {
  const guarded = fc.record({
    mode: fc.constantFrom('refuse' as const, 'normalise' as const),
    maxLine: fc.constantFrom(3, 20, 1000),
    maxSize: fc.constantFrom(0, 10, 100_000),
  })
  const cut = fc
    .oneof(arbitraryDataBytes, arbitraryCleanBytes)
    .chain((bytes) => fc.tuple(fc.constant(bytes), arbitraryChunks(bytes)))

  it('do not affect the result', () => {
    fc.assert(
      fc.property(cut, guarded, ([bytes, chunks], options) => {
        const whole = pass([bytes], options)
        const parts = pass(chunks, options)
        if (whole.facts.problem === null) expect(parts).toEqual(whole)
        else expect([parts.facts.problem, parts.facts.size]).toEqual([whole.facts.problem, bytes.length])
      }),
      { numRuns: 2000 },
    )
  })

  it('pass unchanged when their line ends are right, and are normalised when not', () => {
    fc.assert(
      fc.property(cut, ([bytes, chunks]) => {
        const refused = pass(chunks)
        if (refused.facts.problem === null) expect(refused.text).toBe(bytes.toString('latin1'))
        const normalised = pass(chunks, { mode: 'normalise' })
        if (normalised.facts.problem === null)
          expect(normalised.text).toBe(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'))
        expect(normalised.text).not.toMatch(/(?<!\r)\n/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a message that is too large', () => {
  it('counts as runaway a tenth beyond the limit, whatever problem came first', () => {
    for (const first of ['', '\n']) {
      const guard = new LineGuard({ mode: 'refuse', ...WIDE, maxSize: 1000 })
      guard.write(Buffer.from(first.padEnd(1100, 'x')))
      expect(guard.runaway).toBe(false)
      guard.write(Buffer.from('x'))
      expect(guard.runaway).toBe(true)
    }
  })
})
