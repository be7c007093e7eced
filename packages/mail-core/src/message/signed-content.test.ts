import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMessage } from './parse.ts'
import { signedContent } from './signed-content.ts'

/** The signature of a fixture: made by OpenSSL in one piece, and in pieces of unknown length (BER). */
function signature(fixture: string): Buffer {
  const [, body = ''] = readFileSync(new URL(`fixtures/${fixture}.eml`, import.meta.url), 'latin1').split('\r\n\r\n')
  return Buffer.from(body, 'base64')
}

describe.each(['signed-opaque', 'signed-opaque-in-pieces'])('an opaque signature (%s)', (fixture) => {
  const bytes = signature(fixture)
  const content = signedContent(bytes)

  it('gives up its message', () => {
    expect(content?.toString('latin1')).toMatch(/^Content-Type: multipart\/alternative; .*--q--\r\n$/s)
  })

  it('gives up what is left of it when it is cut off', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const left = signedContent(bytes.subarray(0, length))
      expect(content?.subarray(0, left?.length ?? 0)).toEqual(left ?? Buffer.alloc(0))
    }
  })

  it('never throws, whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(bytes)
        changed[at] = value
        signedContent(changed)
      }),
      { numRuns: 2000 },
    )
  })
})

it('something else has no message in it', () => {
  // envelopedData, a certificate, nothing.
  for (const hex of ['3080 06092a864886f70d010703 a080', '308202 0a', ''])
    expect(signedContent(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBeNull()
})

/** A message that is an opaque signature of another. */
function wrap(inner: Buffer): Buffer {
  const tlv = (tag: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    return Buffer.concat([Buffer.from([tag, 0x84]), length, body])
  }
  const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
  const signed = tlv(
    0x30,
    tlv(0x02, Buffer.from([1])),
    tlv(0x31),
    tlv(0x30, oid('2a864886f70d010701'), tlv(0xa0, tlv(0x04, inner))),
  )
  const cms = tlv(0x30, oid('2a864886f70d010702'), tlv(0xa0, signed))
  return Buffer.concat([Buffer.from('Content-Type: application/pkcs7-mime\r\n\r\n'), cms])
}

it('signatures inside signatures are opened three levels deep', () => {
  let message: Buffer = Buffer.from('Content-Type: text/plain\r\n\r\nwords')
  const texts = [1, 2, 3, 4].map(() => parseMessage((message = wrap(message))).text)
  expect(texts).toEqual(['words', 'words', 'words', null])
})

it('all signatures of a message, inside each other or not, have together no more parts than a message may', () => {
  const mixed = (parts: readonly Buffer[]): Buffer =>
    Buffer.concat([
      Buffer.from('Content-Type: multipart/mixed; boundary=m\r\n\r\n'),
      ...parts.flatMap((part) => [Buffer.from('--m\r\n'), part, Buffer.from('\r\n')]),
      Buffer.from('--m--\r\n'),
    ])
  const twelve = (part: Buffer): Buffer => mixed(Array.from({ length: 12 }, () => part))
  const word = Buffer.from('Content-Type: text/plain\r\n\r\nword')
  // 12 + 144 + 1728 parts.
  const { text, ok } = parseMessage(twelve(base64(wrap(twelve(base64(wrap(twelve(word))))))))
  const read = text?.match(/word/g)?.length ?? 0
  expect(ok).toBe(true)
  expect(read).toBeGreaterThan(500)
  expect(read).toBeLessThan(1000)
})

/** The same part with its content in base64, in which no line is a boundary. */
function base64(part: Buffer): Buffer {
  const body = part.indexOf('\r\n\r\n')
  const encoding = '\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  return Buffer.concat([part.subarray(0, body), Buffer.from(encoding + part.subarray(body + 4).toString('base64'))])
}
