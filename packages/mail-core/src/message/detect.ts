import { isAscii, isUtf8 } from 'node:buffer'
import { readsLike, type Reading } from './languages.ts'
import { sevenBitOf } from './shifted.ts'

/** Bytes that are read to judge a charset; more adds no certainty. */
const SAMPLE = 4096
/** ASCII kept in front of the sample's first other byte. */
const LEAD_IN = 200
/** Text that shows this many telling characters is long enough to contradict a label. */
const ENOUGH = 4

/** A reading that is not doubted. */
const TRUSTED = 0.9
/** What another reading has to be at least, to be taken instead. */
const CONVINCING = 0.6

/** What text is worth whose only characters outside ASCII are signs. */
const SIGNS = 0.7

/** What undeclared bytes may be, in the order in which a tie is decided. */
const CANDIDATES =
  'windows-1252 euc-jp shift_jis gb18030 euc-kr big5 windows-1251 koi8-u windows-1253 windows-1250 windows-1254 windows-1257 windows-1255 windows-1256 windows-874 windows-1258'.split(
    ' ',
  )
/** Charsets in which some two-byte characters are also well-formed UTF-8. */
const TWO_BYTE = new Set(['shift_jis', 'euc-jp', 'gb18030', 'euc-kr', 'big5'])

/**
 * Guesses the charset of bytes that declare none: a seven-bit encoding by its shifts, UTF-8 when valid, else the charset in which
 * they read most like a language. windows-1252 when none does better. ASCII is `us-ascii`.
 */
export function detectCharset(bytes: Uint8Array): string {
  if (isAscii(bytes)) return sevenBitOf(bytes) ?? 'us-ascii'
  if (isUtf8(bytes)) return 'utf-8'
  const sample = sampleOf(bytes)
  return isMostlyUtf8(sample) ? 'utf-8' : (sevenBitOf(bytes) ?? bestCharset(sample).name)
}

/**
 * The charset of bytes that a label names: the label's, unless the bytes contradict it. Valid UTF-8 and the shifts of seven-bit
 * encodings win over it; where it does not decode, or gives noise where another charset gives language, the bytes decide.
 *
 * @param label a charset that `TextDecoder` knows.
 */
export function doubtCharset(bytes: Uint8Array, label: string): string {
  if (isAscii(bytes)) return sevenBitOf(bytes) ?? 'us-ascii'
  const utf8 = isUtf8(bytes)
  if (utf8 && !TWO_BYTE.has(label)) return 'utf-8'
  const sample = sampleOf(bytes)
  const own = decodeSample(sample, label)
  if (utf8) return isRather(own, sample) ? label : 'utf-8'
  // Kana are the same bytes in both; it is the ideographs that tell.
  if (label === 'gb18030' && own.errors === 0 && decodeSample(sample, 'euc-jp').score > own.score) return 'euc-jp'
  if (own.errors === 0 && (own.score >= TRUSTED || own.count < ENOUGH)) return label
  if (isMostlyUtf8(sample)) return 'utf-8'
  const shifts = sevenBitOf(bytes)
  if (shifts !== null && shifts !== 'hz-gb-2312' && own.errors > 0) return shifts
  const best = bestCharset(sample)
  // A damaged byte in a long text is no reason to doubt the rest.
  if (own.errors * 20 > own.count) return best.score > own.score ? best.name : label
  return best.score >= Math.max(CONVINCING, own.score + marginOf(own.count)) ? best.name : label
}

/** How much better another reading must be: the less text there is, the more. */
function marginOf(count: number): number {
  return count < 8 ? 0.3 : count < 20 ? 0.2 : 0.1
}

/** Two-byte text that happens to be valid UTF-8, which takes few characters, all of two bytes, that read worse as UTF-8. */
function isRather(own: Decoded, sample: Uint8Array): boolean {
  if (own.errors > 0 || sample.some((byte) => byte >= 0xe0)) return false
  return own.score > decodeSample(sample, 'utf-8').score
}

type Decoded = Reading & { errors: number }

function decodeSample(sample: Uint8Array, charset: string): Decoded {
  const text = textOf(sample, charset)
  return { ...readsLike(text), errors: text.split('\uFFFD').length - 1 }
}

/** A full sample may end inside a character, as a stream does; a shorter one is all there is. */
function textOf(sample: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(sample, { stream: sample.length === SAMPLE })
}

function bestCharset(sample: Uint8Array): { name: string; score: number } {
  let best = { name: 'windows-1252', score: Number.NEGATIVE_INFINITY }
  for (const name of CANDIDATES) {
    const { score, count, errors } = decodeSample(sample, name)
    // Signs alone are a weak proof.
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

/** The bytes around the first that is not ASCII. It cannot begin inside a character, since ASCII comes before it. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  let first = 0
  while (first < bytes.length && (bytes[first] ?? 0) < 0x80) first += 1
  const start = Math.max(0, first - LEAD_IN)
  return bytes.subarray(start, start + SAMPLE)
}
