import { isAscii, isUtf8 } from 'node:buffer'
import encoding from 'encoding-japanese'

/** Bytes that detection looks at; more adds no certainty. */
const SAMPLE = 65_536

const JAPANESE = ['SJIS', 'EUCJP', 'JIS'] as const

/**
 * Guesses the charset of bytes that declare none: ISO-2022-JP by its escapes, UTF-8 when valid, Shift_JIS or EUC-JP when
 * the bytes read as Japanese, else windows-1252, in which every byte means something.
 */
export function detectCharset(bytes: Uint8Array): string {
  if (isAscii(bytes)) return hasJisEscape(bytes) ? 'iso-2022-jp' : 'us-ascii'
  if (isUtf8(bytes)) return 'utf-8'
  const sample = bytes.length > SAMPLE ? wholeLines(bytes.subarray(0, SAMPLE)) : bytes
  if (isUtf8(sample) && !isAscii(sample)) return 'utf-8'
  const guess = encoding.detect(sample, [...JAPANESE])
  if (guess === 'JIS') return 'iso-2022-jp'
  if (guess === 'SJIS' && readsAsShiftJis(sample)) return 'shift_jis'
  if (guess === 'EUCJP') return 'euc-jp'
  return 'windows-1252'
}

function hasJisEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1b); at !== -1; at = bytes.indexOf(0x1b, at + 1)) {
    if (bytes[at + 1] === 0x24 || (bytes[at + 1] === 0x28 && bytes[at + 2] === 0x49)) return true
  }
  return false
}

/** Cuts a sample after its last line end, because half a character at its end would rule the right charset out. */
function wholeLines(sample: Uint8Array): Uint8Array {
  const end = sample.lastIndexOf(0x0a)
  return end > 0 ? sample.subarray(0, end) : sample
}

/**
 * `père` in Latin-1 is well-formed Shift_JIS, but as a rare ideograph. Japanese text is mostly kana, punctuation and
 * JIS level 1 ideographs (lead bytes 81-97); half-width katakana (A1-DF) come in runs.
 */
function readsAsShiftJis(bytes: Uint8Array): boolean {
  let common = 0
  let rare = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) continue
    if (byte >= 0xa1 && byte <= 0xdf) {
      if ((bytes[at + 1] ?? 0) >= 0x80) common += 1
      continue
    }
    if (byte >= 0x81 && byte <= 0x97) common += 1
    else rare += 1
    at += 1
  }
  return common > rare
}
