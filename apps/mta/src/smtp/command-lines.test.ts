import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandLines } from './command-lines.ts'

/** All lines in the chunks, and the problem that ended them. */
function read(chunks: readonly Buffer[], inAuth = false): { lines: string[]; problem: string | null } {
  const lines = new CommandLines()
  const found: string[] = []
  for (const chunk of chunks) {
    lines.add(chunk)
    for (;;) {
      const { line, problem } = lines.next(inAuth)
      if (problem !== null) return { lines: found, problem }
      if (line === null) break
      found.push(line.toString('latin1'))
    }
  }
  return { lines: found, problem: null }
}

describe('command lines', () => {
  it('do not depend on how the bytes are split into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('A', 'U', 'T', 'H', ' ', '\r', '\n', '\0', '\r\n'), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 8 }), (whole, cuts) => {
        const bytes = Buffer.from(whole, 'latin1')
        const at = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b)
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        expect(read(chunks)).toEqual(read([bytes]))
      }),
    )
  })

  it('end in CRLF only', () => {
    expect(read([Buffer.from('NOOP\r\nRSET\r\nQUI')])).toEqual({ lines: ['NOOP', 'RSET'], problem: null })
    for (const text of ['NOOP\n', '\n', 'NO\rOP\r\n', 'NO\0OP\r\n', 'NOOP\r\r\n']) {
      expect(read([Buffer.from(text)])).toEqual({ lines: [], problem: 'bare' })
    }
  })

  it('may be long during authentication only', () => {
    const long = Buffer.from(`${'x'.repeat(12_000)}\r\n`)
    expect(read([long]).problem).toBe('too_long')
    expect(read([long], true).lines).toHaveLength(1)
    expect(read([Buffer.from('auth plain '), long]).lines).toHaveLength(1)
    expect(read([Buffer.from('x'.repeat(12_300))], true).problem).toBe('too_long')
  })
})
