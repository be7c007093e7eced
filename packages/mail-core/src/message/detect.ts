import { isAscii, isUtf8 } from 'node:buffer'

/** Bytes that detection looks at; more adds no certainty. */
const SAMPLE = 65_536

/**
 * Guesses the charset of bytes that declare none: ISO-2022-JP by its escapes, UTF-8 when valid, EUC-JP or Shift_JIS when
 * the bytes read as Japanese, else windows-1252, in which every byte means something. ASCII is `us-ascii`.
 */
export function detectCharset(bytes: Uint8Array): string {
  if (isAscii(bytes)) return hasJisEscape(bytes) ? 'iso-2022-jp' : 'us-ascii'
  if (isUtf8(bytes)) return 'utf-8'
  const sample = bytes.length > SAMPLE ? wholeLines(bytes.subarray(0, SAMPLE)) : bytes
  if (isUtf8(sample) && !isAscii(sample)) return 'utf-8'
  // EUC-JP first: its pairs are also Shift_JIS half-width katakana, but hardly any Shift_JIS text is valid EUC-JP.
  if (readsAsJapanese(sample, eucCharacter)) return 'euc-jp'
  if (readsAsJapanese(sample, shiftJisCharacter)) return 'shift_jis'
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

/** A character outside ASCII: its length in bytes, and whether it is a common one. Null when the bytes are malformed. */
type Character = { length: 1 | 2 | 3; common: boolean } | null

/**
 * `père` in Latin-1 is well-formed Shift_JIS, but as a rare ideograph. So the bytes must be well-formed throughout, and
 * most characters must be common ones: punctuation, kana and the ideographs of JIS level 1.
 */
function readsAsJapanese(bytes: Uint8Array, characterAt: (bytes: Uint8Array, at: number) => Character): boolean {
  let common = 0
  let rare = 0
  let at = 0
  while (at < bytes.length) {
    if ((bytes[at] ?? 0) < 0x80) {
      at += 1
      continue
    }
    const character = characterAt(bytes, at)
    if (!character) return false
    if (character.common) common += 1
    else rare += 1
    at += character.length
  }
  return common > rare
}

function eucCharacter(bytes: Uint8Array, at: number): Character {
  const [lead, trail] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
  if (trail < 0xa1 || trail > 0xfe) return null
  if (lead === 0x8e) return trail <= 0xdf ? { length: 2, common: true } : null
  if (lead === 0x8f) return (bytes[at + 2] ?? 0) >= 0xa1 ? { length: 3, common: false } : null
  return lead >= 0xa1 && lead <= 0xfe ? { length: 2, common: lead <= 0xcf } : null
}

function shiftJisCharacter(bytes: Uint8Array, at: number): Character {
  const [lead, trail] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
  // Half-width katakana come in runs; one on its own is more likely an accented letter.
  if (lead >= 0xa1 && lead <= 0xdf) return { length: 1, common: trail >= 0xa1 && trail <= 0xdf }
  if (lead === 0x80 || lead === 0xa0 || lead > 0xfc || trail < 0x40 || trail === 0x7f || trail > 0xfc) return null
  return { length: 2, common: lead <= 0x97 }
}
