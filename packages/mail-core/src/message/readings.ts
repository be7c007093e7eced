import { isUtf8 } from 'node:buffer'
import { asBuffer, decoderOf } from './decoders.ts'
import { decodeBytes, isPlainAscii } from './charset.ts'
import { TWO_BYTE } from './detect.ts'
import { SEVEN_BIT } from './shifted.ts'

/** Charsets that a message may declare, or another field suggest, in which other characters are quotes and brackets. */
const LABELS = ['utf-8', ...TWO_BYTE, ...SEVEN_BIT]
/** Stands for the Cyrillic charset in which another byte is a blank than in the other single-byte ones. */
const OTHER_BLANK = 'koi8-r'

/** The texts that the bytes of a header field may be, as it depends on the rest of the message which of them readers see. */
export function readingsOf(bytes: Uint8Array): string[] {
  if (isPlainAscii(bytes)) return [asBuffer(bytes).toString('latin1')]
  const texts = LABELS.map((label) => decodeBytes(bytes, label))
  // UTF-8 is taken for nothing else but the two-byte charsets.
  if (isUtf8(bytes)) return [...new Set(texts)]
  // In single-byte charsets some bytes are blanks, which end quotes and are no part of an address.
  const single = [asBuffer(bytes).toString('latin1'), decoderOf(OTHER_BLANK)?.whole(bytes) ?? '']
  return [...new Set([...texts, ...single])]
}
