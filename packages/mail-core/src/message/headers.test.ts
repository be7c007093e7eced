import { describe, expect, it } from 'vitest'
import { splitHeaders } from '../header/index.ts'
import { decodeHeaders } from './headers.ts'

const LIMITS = { headerBytes: 262_144, headerFields: 1000 }

function read(text: string, limits = LIMITS) {
  const message = Buffer.from(text, 'latin1')
  const block = splitHeaders(message, 0, message.length, limits)
  return { ...block, headers: decodeHeaders(block), body: message.subarray(block.bodyStart).toString('latin1') }
}

describe('splitHeaders', () => {
  it('keeps order, duplicates and the exact bytes of each field', () => {
    const { headers, body } = read('Received: one\r\nreceived : two\r\n\tfolded\r\nReceived: one\r\n\r\nbody\r\n')
    expect(headers.map(({ name, value, raw }) => [name, value, raw.toString()])).toEqual([
      ['Received', 'one', 'Received: one'],
      ['received', 'two\tfolded', 'received : two\r\n\tfolded'],
      ['Received', 'one', 'Received: one'],
    ])
    expect(body).toBe('body\r\n')
  })

  it('treats names of inherited object properties like any other', () => {
    const { headers } = read('__proto__: a\r\nconstructor: b\r\ntoString: c\r\n\r\n')
    expect(headers.map((field) => [field.name, field.value])).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ])
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  it('skips an mbox line and junk between fields', () => {
    const { headers, body } = read('From a@b Mon Jan 1 00:00:00 2024\nSubject: x\njunk line\nTo: y\n\nbody')
    expect(headers.map((field) => field.name)).toEqual(['Subject', 'To'])
    expect(body).toBe('body')
  })

  it('ends a folded field at junk, so that a continuation never moves to another field', () => {
    const { headers } = read('Subject: x\njunk\n continued\nTo: y\n\n')
    expect(headers.map((field) => [field.name, field.value])).toEqual([
      ['Subject', 'x'],
      ['To', 'y'],
    ])
  })

  it('treats everything as body when the first line is not a field', () => {
    expect(read(' leading space: x\r\n\r\nrest').body).toBe(' leading space: x\r\n\r\nrest')
    expect(read(': empty name\r\n').headers).toEqual([])
  })

  it('stops at the limits and returns the fields before them', () => {
    const many = read('A: 1\n'.repeat(20), { ...LIMITS, headerFields: 10 })
    expect(many.headers).toHaveLength(10)
    expect(many.overLimit).toBe('there are over 10 header fields')
    const large = read(`Subject: kept\r\nX: ${'x'.repeat(100)}\r\n\r\n`, { ...LIMITS, headerBytes: 50 })
    expect(large.headers.map((field) => field.value)).toEqual(['kept'])
    expect(large.overLimit).toBe('the header block is over 50 bytes')
  })

  it.each([' ', '\t'])('keeps no half of a field that a limit cuts (%j)', (fold) => {
    const header = `Subject: kept\r\nFrom: <a@bank.example\r\n${fold}(${'x'.repeat(50)}).evil.example>\r\n\r\n`
    const { headers } = read(header, { ...LIMITS, headerBytes: 50 })
    expect(headers.map(({ name }) => name)).toEqual(['Subject'])
  })

  it('removes a bare CR from values', () => {
    expect(read('Subject: a\rBcc: b\r\n\r\n').headers[0]?.value).toBe('aBcc: b')
  })
})
