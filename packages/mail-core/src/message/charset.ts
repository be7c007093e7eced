import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { asBuffer, decoderOf } from './decoders.ts'
import { detectCharset, verifyCharset } from './detect.ts'
import { decodeJis } from './jis.ts'
import { decodeHz, decodeShiftedOut, sevenBitOf } from './shifted.ts'

/** Names found in mail that the WHATWG labels lack. */
const ALIASES = new Map([
  ['cp932', 'shift_jis'],
  ['sjis-win', 'shift_jis'],
  ['shift-jis', 'shift_jis'],
  ['cswindows31j', 'shift_jis'],
  ['eucjp', 'euc-jp'],
  ['eucjp-ms', 'euc-jp'],
  ['eucjp-win', 'euc-jp'],
  ['cp51932', 'euc-jp'],
  ['cp936', 'gb18030'],
  // GB2312 mail is GBK or GB18030 in practice, and each is a superset of the one before.
  ['gb2312', 'gb18030'],
  ['gbk', 'gb18030'],
  ['ms936', 'gb18030'],
  ['euckr', 'euc-kr'],
  ['cp949', 'euc-kr'],
  ['ks_c_5601', 'euc-kr'],
  ['cp950', 'big5'],
  ['utf8', 'utf-8'],
  ['utf8mb4', 'utf-8'],
  ['latin1', 'windows-1252'],
  ['hz', 'hz-gb-2312'],
])
/** Names that do not declare what bytes over 127 are. */
const UNDECLARED = new Set([
  '',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  '8bit',
  'binary',
  'default',
  'none',
])
const JIS = /^(?:iso-2022-jp|csiso2022jp|cp5022[0-2]|x-windows-5022[0-2]|jis$)/
const SHIFTED_OUT = /^(?:cs)?iso-?2022-?(kr|cn)/
/** Encodings that use more than one byte even for ASCII. */
const WIDE = /^(?:utf-?16|utf-?32|ucs-?[24]|iso-10646)/

/**
 * Decodes text bytes to a string. Trusts the label unless the bytes contradict it (`verifyCharset`); unknown, missing and ASCII
 * charset names fall back to detection. Malformed bytes become U+FFFD; never throws.
 *
 * @param charset name from a MIME header, in any case and with its RFC 2231 language suffix.
 */
export function decodeBytes(bytes: Uint8Array, charset: string | null): string {
  return decodeAs(bytes, charsetOf(bytes, normalizeCharset(charset)))
}

/** Lower-cases a name, strips quotes, the language suffix and anything else, and applies our aliases; '' when there is no name. */
export function normalizeCharset(charset: string | null): string {
  const name = /[\w.:+-]+/.exec((charset ?? '').slice(0, 64).toLowerCase())?.[0] ?? ''
  const plain = name.replace(/^x-(?=shift|s?jis|euc|gbk|big5|cp|ms9)/, '').replace(/^charset[=:]/, '')
  return ALIASES.get(plain) ?? plain
}

/** @param label normalised charset name */
function charsetOf(bytes: Uint8Array, label: string): string {
  const bom = byteOrderMark(bytes)
  if (bom !== null) return bom
  if (WIDE.test(label)) return bytes.includes(0) || !isUtf8(bytes) ? label : 'utf-8'
  if (label === 'utf-7' && isAscii(bytes)) return label
  // The shifts may be missing, as in a piece of a longer text.
  const shifts = label === 'hz-gb-2312' || SHIFTED_OUT.test(label) || JIS.test(label)
  if (shifts && isAscii(bytes)) return sevenBitOf(bytes) ?? (JIS.test(label) ? 'iso-2022-jp' : label)
  if (JIS.test(label) && bytes.includes(0x1b) && !isUtf8(bytes)) return 'iso-2022-jp'
  if (UNDECLARED.has(label) || shifts) return detectCharset(bytes)
  if (decoderOf(label) !== null) return verifyCharset(bytes, label)
  return iconv.encodingExists(label) && !isNotAsciiUtf8(bytes) ? label : detectCharset(bytes)
}

function decodeAs(bytes: Uint8Array, name: string): string {
  if (name === 'us-ascii') return asBuffer(bytes).toString('latin1')
  if (name === 'iso-2022-jp') return decodeJis(bytes)
  if (name === 'hz-gb-2312') return decodeHz(bytes)
  const shifted = SHIFTED_OUT.exec(name)
  if (shifted) return decodeShiftedOut(bytes, shifted[1] === 'kr' ? 'iso-2022-kr' : 'iso-2022-cn')
  const decoder = decoderOf(name)
  if (decoder) return decoder.whole(bytes)
  return iconv.decode(asBuffer(bytes), name)
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [first, second, third] = [bytes[0], bytes[1], bytes[2]]
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

function isNotAsciiUtf8(bytes: Uint8Array): boolean {
  return !isAscii(bytes) && isUtf8(bytes)
}

/** Whether the bytes are plain text: all below 128, none a shift to another character set. */
export function isPlainAscii(bytes: Uint8Array): boolean {
  return isAscii(bytes) && !bytes.includes(0x1b) && !bytes.includes(0x7e)
}
