import { encode } from 'dns-packet'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readAnswer } from './read-answer.ts'
import { readServers } from './servers.ts'
import { record, soa } from './testing/index.ts'
import { readResponse } from './wire.ts'

const ID = 0x1234
const question = { name: 'x.example', type: 'TXT' } as const
const whole = encode({
  type: 'response',
  id: ID,
  questions: [{ ...question, class: 'IN' }],
  answers: [record('x.example', 'CNAME', 'y.example'), record('y.example', 'TXT', ['v=DMARC1; p=reject'])],
  authorities: [soa('example')],
})

/** What a resolver would make of the bytes. */
function read(bytes: Buffer) {
  const response = readResponse(bytes, question, ID)
  return response.kind === 'response' ? readAnswer(response.packet, response.rcode, question) : response
}

it('any bytes at all are read without an error', () => {
  expect(read(whole)).toMatchObject({ kind: 'found', name: 'y.example' })
  const patch = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
  fc.assert(
    fc.property(
      fc.array(patch, { maxLength: 8 }),
      fc.nat(whole.length),
      fc.uint8Array({ maxLength: 40 }),
      (patches, end, tail) => {
        const bytes = Buffer.concat([whole.subarray(0, end), tail])
        for (const [at, value] of patches) if (at < bytes.length) bytes[at] = value
        expect(read(bytes).kind).toMatch(/^[a-z_]+$/)
      },
    ),
    { numRuns: 5000 },
  )
})

it('an answer that was cut off is not taken for one without records', () => {
  for (let end = 0; end < whole.length; end += 1) {
    expect(read(Buffer.from(whole.subarray(0, end))).kind).toMatch(/^(?:foreign|malformed)$/)
  }
})

it.each([
  ['192.0.2.1', { address: '192.0.2.1', port: 53 }],
  ['192.0.2.1:5353', { address: '192.0.2.1', port: 5353 }],
  ['2001:db8::1', { address: '2001:db8::1', port: 53 }],
  ['[2001:db8::1]:5353', { address: '2001:db8::1', port: 5353 }],
])('the server %s is read', (text, expected) => {
  expect(readServers([text])).toEqual([expected])
})

it('without servers in the settings, the system’s are asked', () => {
  for (const server of readServers([])) expect(server).toMatchObject({ port: expect.any(Number) as number })
  expect(readServers([]).length).toBeLessThanOrEqual(3)
})
