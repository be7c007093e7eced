import { isAscii, isUtf8 } from 'node:buffer'
import { decoderOf } from './decoders.ts'
import { mayTry } from './effort.ts'
import { scoreText, type TextScore } from './languages.ts'
import { sevenBitOf } from './shifted.ts'

/** Bytes used to judge a charset; more adds no certainty. */
const SAMPLE = 4096
/** ASCII bytes kept before the sample's first non-ASCII byte. */
const LEAD_IN = 200
/** Text with this many significant characters is long enough to contradict a label. */
const ENOUGH = 4

/** From this score on, the labelled charset is not questioned. */
const TRUSTED = 0.9
/** Least score of a charset that replaces the labelled one. */
const CONVINCING = 0.6

/** Score of text whose only non-ASCII characters are symbols. */
const SIGNS = 0.7

/** The charset of bytes that suggest none. */
const FALLBACK = 'windows-1252'

/** Charsets tried for undeclared bytes; the first wins a tie. */
const CANDIDATES =
  'windows-1252 euc-jp shift_jis gb18030 euc-kr big5 windows-1251 koi8-u windows-1253 windows-1250 windows-1254 windows-1257 windows-1255 windows-1256 windows-874 windows-1258'.split(
    ' ',
  )
/** Charsets in which some two-byte characters are also well-formed UTF-8. */
export const TWO_BYTE: ReadonlySet<string> = new Set(['shift_jis', 'euc-jp', 'gb18030', 'euc-kr', 'big5'])

/**
 * Guesses the charset of undeclared bytes: a seven-bit encoding by its shifts, UTF-8 when valid, else the charset in which they
 * read most like a language; windows-1252 when none does better, or the message has cost too much (`withinEffort`). ASCII is `us-ascii`.
 */
export function detectCharset(bytes: Uint8Array): string {
  if (isAscii(bytes)) return sevenBitOf(bytes) ?? 'us-ascii'
  if (isUtf8(bytes) || isTruncatedUtf8(bytes, false)) return 'utf-8'
  const sample = sampleOf(bytes)
  if (isMostlyUtf8(sample)) return 'utf-8'
  const shifts = sevenBitOf(bytes)
  if (shifts !== null) return shifts
  return mayTry(sample, CANDIDATES.length) ? bestCharset(sample).name : FALLBACK
}

/**
 * The charset of labelled bytes: the label's, unless the bytes contradict it. Valid UTF-8 and the shifts of seven-bit encodings
 * override it; where it does not decode, or yields noise where another charset yields language, the bytes decide, unless the message has cost
 * too much (`withinEffort`).
 *
 * @param label a charset that `decoderOf` knows.
 */
export function verifyCharset(bytes: Uint8Array, label: string): string {
  if (isAscii(bytes)) return sevenBitOf(bytes) ?? 'us-ascii'
  if (label === 'utf-8' && isTruncatedUtf8(bytes, true)) return label
  const utf8 = isUtf8(bytes)
  if (utf8 && !TWO_BYTE.has(label)) return 'utf-8'
  const sample = sampleOf(bytes)
  if (!mayTry(sample, 1)) return utf8 ? 'utf-8' : label
  const own = decodeSample(sample, label)
  if (utf8) return isTwoByteText(own, sample) ? label : 'utf-8'
  // Kana are the same bytes in both; the ideographs differ.
  if (label === 'gb18030' && own.errors === 0 && decodeSample(sample, 'euc-jp').score > own.score) return 'euc-jp'
  if (own.errors === 0 && (own.score >= TRUSTED || own.count < ENOUGH)) return label
  if (isMostlyUtf8(sample)) return 'utf-8'
  const shifts = sevenBitOf(bytes)
  if (shifts !== null && shifts !== 'hz-gb-2312' && own.errors > 0) return shifts
  if (!mayTry(sample, CANDIDATES.length)) return label
  const best = bestCharset(sample)
  // Half-width katakana are single bytes, which are letters in single-byte charsets too: in case of doubt the label decides.
  const isDoubtful = best.score < TRUSTED && !TWO_BYTE.has(best.name)
  if (label === 'shift_jis' && own.errors === 0 && isDoubtful && isHalfWidth(sample)) return label
  // A damaged byte in a long text does not discredit the rest.
  if (own.errors * 20 > own.count) return best.score > own.score ? best.name : label
  return best.score >= Math.max(CONVINCING, own.score + marginOf(own.count)) ? best.name : label
}

/**
 * Whether it is UTF-8 that was cut inside its last character, as short fields are. A lone first byte proves nothing, since it may be
 * a letter in another charset.
 */
function isTruncatedUtf8(bytes: Uint8Array, isLabelled: boolean): boolean {
  let start = bytes.length - 1
  while (start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
  const [first, tail] = [bytes[start] ?? 0, bytes.length - start]
  const needed = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  if (first >= 0xf5 || tail >= needed) return false
  const before = bytes.subarray(0, start)
  return isUtf8(before) && (!isAscii(before) || (isLabelled && tail > 1))
}

/** Whether Shift_JIS text is Japanese once its half-width katakana are read as the usual ones. */
function isHalfWidth(sample: Uint8Array): boolean {
  const text = textOf(sample, 'shift_jis')
  return /[\uFF66-\uFF9F]{2}/.test(text) && scoreText(text.normalize('NFKC')).score >= CONVINCING
}

/** How much better another charset must score: the less text, the more. */
function marginOf(count: number): number {
  return count < 8 ? 0.3 : count < 20 ? 0.2 : 0.1
}

/**
 * Whether it is two-byte text that happens to be valid UTF-8: only short text is, with characters of two bytes each that score
 * worse as UTF-8.
 */
function isTwoByteText(own: Decoded, sample: Uint8Array): boolean {
  if (own.errors > 0 || sample.some((byte) => byte >= 0xe0)) return false
  return own.score > decodeSample(sample, 'utf-8').score
}

type Decoded = TextScore & { errors: number }

function decodeSample(sample: Uint8Array, charset: string): Decoded {
  const text = textOf(sample, charset)
  return { ...scoreText(text), errors: text.split('\uFFFD').length - 1 }
}

/** A full sample may end inside a character; a shorter one is the whole text. */
function textOf(sample: Uint8Array, charset: string): string {
  const decoder = decoderOf(charset)
  if (decoder === null) return ''
  return sample.length === SAMPLE ? decoder.beginning(sample) : decoder.whole(sample)
}

function bestCharset(sample: Uint8Array): { name: string; score: number } {
  let best = { name: FALLBACK, score: Number.NEGATIVE_INFINITY }
  for (const name of CANDIDATES) {
    const { score, count, errors } = decodeSample(sample, name)
    // Symbols alone are weak evidence.
    const sure = (count === 0 ? SIGNS : score) - (4 * errors) / Math.max(count, 1)
    if (sure > best.score) best = { name, score: sure }
  }
  return best
}

/** UTF-8 with a damaged byte, or a footer in another charset: most of its sequences are valid. */
function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = textOf(sample, 'utf-8')
  let [valid, invalid] = [0, 0]
  for (const character of text) {
    if (character === '\uFFFD') invalid += 1
    else if (character > '\u007F') valid += 1
  }
  return valid > 4 * invalid
}

/** The bytes around the first non-ASCII one. The sample cannot start inside a character, since it starts with ASCII. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  let first = 0
  while (first < bytes.length && (bytes[first] ?? 0) < 0x80) first += 1
  const start = Math.max(0, first - LEAD_IN)
  return bytes.subarray(start, start + SAMPLE)
}
