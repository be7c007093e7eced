import { isAscii } from 'node:buffer'
import { TextDecoder } from 'node:util'
import iconv from 'iconv-lite'
import { detectCharset } from './detect.ts'
import { decodeJis } from './jis.ts'

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
  // GB2312 mail is GBK or GB18030 in practice, and each contains the one before.
  ['gb2312', 'gb18030'],
  ['gbk', 'gb18030'],
  ['ms936', 'gb18030'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['utf8', 'utf-8'],
  ['latin1', 'windows-1252'],
])
/** Names that say nothing about bytes over 127. */
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

/** Decoders by charset name; bounded, because the names come from mail. */
const decoders = new Map<string, TextDecoder | null>()
const MAX_DECODERS = 200

/**
 * Decodes text bytes to a string. Unknown, missing and ASCII charset names fall back to detection. Malformed bytes
 * become U+FFFD; never throws.
 *
 * @param charset name from a MIME header, in any case and with its RFC 2231 language suffix.
 */
export function decodeBytes(bytes: Uint8Array, charset: string | null): string {
  const name = normalizeCharset(charset)
  if (JIS.test(name)) return decodeJis(bytes)
  if (UNDECLARED.has(name)) return decodeDetected(bytes)
  const decoder = decoderOf(name)
  if (decoder) return decoder.decode(bytes)
  if (iconv.encodingExists(name)) return iconv.decode(asBuffer(bytes), name)
  return decodeDetected(bytes)
}

/** Lower case, without quotes and language suffix, with our aliases applied; '' when there is no name. */
export function normalizeCharset(charset: string | null): string {
  const name =
    (charset ?? '')
      .slice(0, 64)
      .toLowerCase()
      .split('*', 1)[0]
      ?.replaceAll(/["'\s]/g, '') ?? ''
  const plain = name.replace(/^x-(?=shift|s?jis|euc|gbk|big5|cp|ms9)/, '')
  return ALIASES.get(plain) ?? plain
}

/** The same memory as a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function decodeDetected(bytes: Uint8Array): string {
  const name = detectCharset(bytes)
  if (name === 'us-ascii') return asBuffer(bytes).toString('latin1')
  return name === 'iso-2022-jp' ? decodeJis(bytes) : (decoderOf(name)?.decode(bytes) ?? '')
}

function decoderOf(name: string): TextDecoder | null {
  const known = decoders.get(name)
  if (known !== undefined) return known
  let decoder: TextDecoder | null = null
  try {
    decoder = new TextDecoder(name)
  } catch {
    // Not a WHATWG label; the caller asks iconv-lite next.
  }
  if (decoders.size < MAX_DECODERS) decoders.set(name, decoder)
  return decoder
}

/** True when every byte is below 128 and no ISO-2022-JP escape is among them: such bytes are plain text. */
export function isPlainAscii(bytes: Uint8Array): boolean {
  return isAscii(bytes) && !bytes.includes(0x1b)
}
