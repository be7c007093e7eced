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

it('signatures inside signatures are opened three levels deep', () => {
  const wrap = (inner: Buffer): Buffer => {
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
  let message: Buffer = Buffer.from('Content-Type: text/plain\r\n\r\nwords')
  const texts = [1, 2, 3, 4].map(() => parseMessage((message = wrap(message))).text)
  expect(texts).toEqual(['words', 'words', 'words', null])
})
