import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Thinner } from './thin.ts'

function thin(chunks: readonly Buffer[]): Buffer {
  const thinner = new Thinner()
  for (const chunk of chunks) thinner.take(chunk)
  return thinner.end()
}

it('a message under a megabyte stays as it is, however it is chunked', () => {
  const text = fc.string({ unit: fc.constantFrom('-', 'a', '\r\n', '\n'), maxLength: 80 })
  fc.assert(
    fc.property(text, fc.nat(80), (whole, cut) => {
      const bytes = Buffer.from(whole)
      expect(thin([bytes.subarray(0, cut), bytes.subarray(cut)]).toString()).toBe(whole)
    }),
  )
})

it('keeps the beginning of a large part, and all boundaries', () => {
  const line = `${'x'.repeat(76)}\r\n`
  const part = (name: string) => `--b\r\nContent-Type: text/plain; name=${name}\r\n\r\n${line.repeat(40_000)}`
  const message = Buffer.from(`Subject: big\r\n\r\n${part('one')}${part('two')}--b--\r\n`)
  for (const size of [message.length, 65_536, 1000]) {
    const chunks = Array.from({ length: Math.ceil(message.length / size) }, (_, index) =>
      message.subarray(index * size, (index + 1) * size),
    )
    const kept = thin(chunks).toString()
    expect(kept.length).toBeLessThan(2.1 * 1024 * 1024)
    expect(kept.match(/^--b.*$/gm)).toEqual(['--b', '--b', '--b--'])
    expect(kept).toContain('name=two')
  }
})

it('keeps the last parts of a message with many large ones', () => {
  const line = `${'x'.repeat(76)}\r\n`
  const part = (name: string) => `--b\r\nContent-Type: text/plain; name=${name}\r\n\r\n${line.repeat(14_000)}`
  const message = `Subject: big\r\n\r\n${Array.from({ length: 30 }, (_, at) => part(`p${at}`)).join('')}--b--\r\n`
  const kept = thin([Buffer.from(message)]).toString()
  expect(kept.length).toBeLessThan(8 * 1024 * 1024)
  expect(kept.match(/^--b\r$/gm)).toHaveLength(30)
  expect(kept).toContain('name=p29')
  expect(kept.endsWith('--b--\r\n')).toBe(true)
})

it('never keeps more than eight megabytes', () => {
  expect(thin([Buffer.from('--\r\n'.repeat(4_000_000))]).length).toBe(8 * 1024 * 1024)
})

it('reads a message without line ends in linear time', () => {
  const chunk = Buffer.alloc(1024, 'x')
  const thinner = new Thinner()
  for (let size = 0; size < 64 * 1024 * 1024; size += chunk.length) thinner.take(chunk)
  expect(thinner.end().length).toBe(0)
})
