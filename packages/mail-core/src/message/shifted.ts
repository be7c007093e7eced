const eucKr = new TextDecoder('euc-kr')
const gbk = new TextDecoder('gb18030')

const [LF, CR, SO, SI, ESC, TILDE] = [0x0a, 0x0d, 0x0e, 0x0f, 0x1b, 0x7e]
const [OPEN, CLOSE] = [0x7b, 0x7d]

/** Seven-bit encodings of two-byte characters; `decodeJis` reads `iso-2022-jp`. */
export const SEVEN_BIT = ['iso-2022-jp', 'iso-2022-kr', 'iso-2022-cn', 'hz-gb-2312'] as const
export type SevenBit = (typeof SEVEN_BIT)[number]

/** The seven-bit encoding whose shifts occur in the bytes, or null. Ignores bytes over 127. */
export function sevenBitOf(bytes: Uint8Array): SevenBit | null {
  for (let at = bytes.indexOf(ESC); at !== -1; at = bytes.indexOf(ESC, at + 1)) {
    const [second, third, fourth] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]]
    // RFC 1557 and RFC 1922: these only designate a set; the text is between shift-out and shift-in.
    if (second === 0x24 && third === 0x29) {
      if (fourth === 0x43) return 'iso-2022-kr'
      if (fourth === 0x41 || fourth === 0x45 || fourth === 0x47) return 'iso-2022-cn'
    } else if (second === 0x24 || (second === 0x28 && third === 0x49)) return 'iso-2022-jp'
  }
  return hasHzText(bytes) ? 'hz-gb-2312' : null
}

/** Pairs examined before the text is taken for HZ; other text with `~{` in it soon has spaces and capitals. */
const HZ_SAMPLE = 200

/** HZ (RFC 1843): only pairs between `~{` and `~}`, most of them punctuation or common ideographs. */
function hasHzText(bytes: Uint8Array): boolean {
  let [common, rare] = [0, 0]
  let at = tildeBrace(bytes, 0)
  while (at !== -1 && common + rare < HZ_SAMPLE) {
    at += 2
    while (at < bytes.length && !(bytes[at] === TILDE && bytes[at + 1] === CLOSE)) {
      const [lead, trail] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
      if (lead === LF || lead === CR) break
      if (lead < 0x21 || lead > 0x77 || trail < 0x21 || trail > 0x7e) return false
      if (lead <= 0x23 || (lead >= 0x30 && lead <= 0x57)) common += 1
      else rare += 1
      at += 2
    }
    at = tildeBrace(bytes, at)
  }
  return common > 2 * rare
}

function tildeBrace(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(TILDE, from)
  while (at !== -1 && bytes[at + 1] !== OPEN) at = bytes.indexOf(TILDE, at + 1)
  return at
}

/** Decodes ISO-2022-KR or ISO-2022-CN: shifted-out bytes are EUC without the high bits. A line end shifts in. */
export function decodeShiftedOut(bytes: Uint8Array, charset: 'iso-2022-kr' | 'iso-2022-cn'): string {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let shifted = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === ESC && bytes[at + 1] === 0x24 && (bytes[at + 2] === 0x29 || bytes[at + 2] === 0x2a)) at += 3
    else if (byte === SO || byte === SI) shifted = byte === SO
    else {
      if (byte === LF || byte === CR) shifted = false
      out[length++] = shifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte
    }
  }
  return (charset === 'iso-2022-kr' ? eucKr : gbk).decode(out.subarray(0, length))
}

/** Decodes HZ (RFC 1843); a line end ends a run of ideographs, and bytes over 127 are read as GBK. */
export function decodeHz(bytes: Uint8Array): string {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let inside = false
  for (let at = 0; at < bytes.length; at += 1) {
    const [byte, next] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
    if (byte === LF) inside = false
    if (byte === TILDE && (next === OPEN || next === CLOSE || (!inside && (next === TILDE || next === LF)))) {
      if (next === TILDE) out[length++] = TILDE
      else if (next !== LF) inside = next === OPEN
      at += 1
    } else out[length++] = inside && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte
  }
  return gbk.decode(out.subarray(0, length))
}
