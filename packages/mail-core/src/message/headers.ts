import { type RawHeaders, rawValue, unfold } from '../header/index.ts'
import { decodeBytes, isPlainAscii, normalizeCharset } from './charset.ts'
import { detectCharset } from './detect.ts'
import type { HeaderField } from './types.ts'

/**
 * Unfolds and decodes the fields of a header block. Undeclared 8-bit bytes are read in one charset for the whole block.
 *
 * @param hint charset of the message's own text, for blocks that declare none.
 */
export function decodeHeaders(raw: RawHeaders, hint: string | null = null): HeaderField[] {
  let charset: string | undefined
  return raw.fields.map((field) => {
    const bytes = rawValue(field)
    if (isPlainAscii(bytes)) return { ...field, value: unfold(bytes.toString('latin1')) }
    charset ??= charsetOfBlock(raw, hint)
    return { ...field, value: unfold(decodeBytes(bytes, charset)) }
  })
}

/** Whether a block contains 8-bit bytes, whose charset may be declared elsewhere. */
export function hasRawBytes(raw: RawHeaders): boolean {
  return raw.fields.some((field) => !isPlainAscii(field.raw))
}

const EIGHT_BIT = /^(?:shift_jis|euc-|gb|big5|koi8|windows-|iso-8859)/

/**
 * The charset of raw 8-bit header values that are not UTF-8: the one declared for the message's text, else a guess from all values
 * of the block, since a single short value is too little to tell.
 */
function charsetOfBlock(raw: RawHeaders, hint: string | null): string {
  const contentType =
    raw.fields.find((field) => field.name.toLowerCase() === 'content-type')?.raw.toString('latin1') ?? ''
  const declared = normalizeCharset(/charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? hint)
  if (EIGHT_BIT.test(declared)) return declared
  const eightBit = raw.fields.filter((field) => !isPlainAscii(field.raw) && detectCharset(field.raw) !== 'utf-8')
  return detectCharset(Buffer.concat(eightBit.map((field) => field.raw)))
}
