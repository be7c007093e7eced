import { TextDecoder } from 'node:util'
import iconv from 'iconv-lite'

/** Decodes bytes; those of an incomplete last character are left out of a `beginning`. */
export type Decoder = { whole: (bytes: Uint8Array) => string; beginning: (bytes: Uint8Array) => string }

/**
 * Encodings whose decoder in Node lacks characters that mail has: most syllables of Korean (Windows-949), and the Cantonese ones of
 * Hong Kong.
 */
const WIDER = new Map([
  ['euc-kr', 'cp949'],
  ['big5', 'big5-hkscs'],
])

/** Decoders by charset name; bounded, because the names come from mail. */
const decoders = new Map<string, Decoder | null>()
const MAX_DECODERS = 200

/** The decoder for a WHATWG label; null for other names, and for encodings that browsers refuse to decode. */
export function decoderOf(name: string): Decoder | null {
  const known = decoders.get(name)
  if (known !== undefined) return known
  const decoder = makeDecoder(name)
  if (decoders.size < MAX_DECODERS) decoders.set(name, decoder)
  return decoder
}

function makeDecoder(name: string): Decoder | null {
  let encoding: string
  try {
    encoding = new TextDecoder(name).encoding
  } catch {
    return null
  }
  if (encoding === 'replacement') return null
  const wider = WIDER.get(encoding)
  if (wider !== undefined) {
    return {
      whole: (bytes) => iconv.decode(asBuffer(bytes), wider),
      beginning: (bytes) => iconv.getDecoder(wider).write(asBuffer(bytes)),
    }
  }
  const decoder = new TextDecoder(name)
  return {
    whole: (bytes) => decoder.decode(bytes),
    beginning: (bytes) => new TextDecoder(name).decode(bytes, { stream: true }),
  }
}

/** Shares the memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
