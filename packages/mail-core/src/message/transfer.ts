import { decodeBase64 } from './base64.ts'
import type { Encoding } from './types.ts'
import { decodeInPieces } from './transfer-stream.ts'

/** The encoding that a Content-Transfer-Encoding names, including common misspellings; null for an unknown one. */
export function encodingOf(value: string): Encoding | null {
  const name = value.replaceAll(/[^a-z0-9]/g, '')
  if (/^x?base64$/.test(name)) return 'base64'
  if (/^x?(?:quotedprintable|qp)$/.test(name)) return 'quoted-printable'
  if (/^x?uue(?:ncode)?d?$/.test(name)) return 'uuencode'
  return /^(?:7bits?|8bits?|binary)$/.test(name) ? 'none' : null
}

/**
 * Decodes a Content-Transfer-Encoding (RFC 2045 §6), malformed input as far as possible. Never throws. For text, keeps unencoded
 * text that follows base64.
 */
export function decodeTransfer(bytes: Buffer, encoding: Encoding, isText = false): Buffer {
  switch (encoding) {
    case 'base64': {
      const { content, rest } = decodeBase64(bytes)
      return isText && rest.length > 0 ? Buffer.concat([content, rest]) : content
    }
    case 'quoted-printable':
    case 'uuencode':
      return decodeInPieces(bytes, encoding)
    case 'none':
      return bytes
  }
}
