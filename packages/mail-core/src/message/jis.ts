const eucJp = new TextDecoder('euc-jp')

/** Character sets that ISO-2022-JP and its -1, -3 and -ms variants switch between. */
type Charset = 'ascii' | 'katakana' | 'jis208' | 'jis212'

/** Final bytes of `ESC (`: ASCII, JIS X 0201 Roman, its Swedish misspelling, half-width katakana. */
const SINGLE = new Map<number, Charset>([
  [0x42, 'ascii'],
  [0x4a, 'ascii'],
  [0x48, 'ascii'],
  [0x49, 'katakana'],
])
/** Final bytes of `ESC $ (`: JIS X 0208, 0212, and the planes of 0213, which extend the first two. */
const DOUBLE = new Map<number, Charset>([
  [0x40, 'jis208'],
  [0x42, 'jis208'],
  [0x44, 'jis212'],
  [0x4f, 'jis208'],
  [0x50, 'jis212'],
  [0x51, 'jis208'],
])

/** The charset that the escape sequence at `at` selects, and its length; null for an unknown one. */
function escapeAt(bytes: Uint8Array, at: number): { charset: Charset; length: number } | null {
  const [second, third, fourth] = [bytes[at + 1], bytes[at + 2] ?? 0, bytes[at + 3] ?? 0]
  if (second === 0x28) {
    const charset = SINGLE.get(third)
    return charset ? { charset, length: 3 } : null
  }
  if (second !== 0x24) return null
  if (third === 0x40 || third === 0x42) return { charset: 'jis208', length: 3 }
  const charset = third === 0x28 ? DOUBLE.get(fourth) : undefined
  return charset ? { charset, length: 4 } : null
}

/**
 * Decodes ISO-2022-JP (RFC 1468) and the dialects found in mail: -1 (JIS X 0212), -3, and -ms/CP5022x with half-width katakana by
 * `ESC ( I`, by shift-out or as 8-bit bytes. A line end returns to ASCII, so that a lost escape garbles only one line. Rewrites the
 * bytes as EUC-JP, which holds all four sets without escapes.
 */
export function decodeJis(bytes: Uint8Array): string {
  const euc = Buffer.alloc(bytes.length * 2)
  let length = 0
  let charset: Charset = 'ascii'
  let shiftedOut = false
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    const escape = byte === 0x1b ? escapeAt(bytes, at) : null
    if (escape) {
      charset = escape.charset
      shiftedOut = false
      at += escape.length
      continue
    }
    const next = bytes[at + 1] ?? 0
    at += 1
    if (byte === 0x0e || byte === 0x0f) {
      shiftedOut = byte === 0x0e
    } else if (byte < 0x21 || byte === 0x7f) {
      if (byte === 0x0a || byte === 0x0d) [charset, shiftedOut] = ['ascii', false]
      euc[length++] = byte
    } else if (byte >= 0x80 || shiftedOut || charset === 'katakana') {
      euc[length++] = 0x8e
      euc[length++] = byte | 0x80
    } else if (charset === 'ascii') {
      euc[length++] = byte
    } else if (next >= 0x21 && next < 0x7f) {
      // JIS X 0212 takes three bytes for two; the buffer has room, as two bytes in never give more than four out.
      if (charset === 'jis212') euc[length++] = 0x8f
      euc[length++] = byte | 0x80
      euc[length++] = next | 0x80
      at += 1
    } else {
      euc[length++] = 0x3f
    }
  }
  return eucJp.decode(euc.subarray(0, length))
}
