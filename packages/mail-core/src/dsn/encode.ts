import { isAscii } from 'node:buffer'

const MAX_ENCODED = 76 // RFC 2045 §6.7, §6.8: characters of a line
/** Bytes of one encoded word: 60 characters in base64, which leaves room in 75 (RFC 2047 §2). */
const WORD_BYTES = 39

/** A text part's header fields and body, in lines of at most 76 characters. */
export function textPart(text: string, type = 'text/plain'): { header: readonly string[]; body: string } {
  const lines = text.split('\n')
  if (isAscii(Buffer.from(text)) && lines.every((line) => line.length <= MAX_ENCODED)) {
    return { header: [`Content-Type: ${type}; charset=us-ascii`], body: lines.join('\r\n') }
  }
  const bytes = Buffer.from(lines.join('\r\n'))
  const isMostlyAscii = text.length * 1.2 > bytes.length
  return {
    header: [
      `Content-Type: ${type}; charset=utf-8`,
      `Content-Transfer-Encoding: ${isMostlyAscii ? 'quoted-printable' : 'base64'}`,
    ],
    body: isMostlyAscii ? quotedPrintable(bytes) : wrapped(bytes.toString('base64')),
  }
}

/** Bytes as quoted-printable (RFC 2045 §6.7). Line ends other than CRLF are encoded. */
export function quotedPrintable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .split('\r\n')
    .map((line) => softBroken(line.replaceAll(/[^\t\x20-\x7e]|=|[\t ]$/g, encodedByte)))
    .join('\r\n')
}

/** An unstructured field's value: as it is when plain and short, else as encoded words (RFC 2047). */
export function headerText(text: string): string {
  if (/^[\x20-\x7e]{0,60}$/.test(text) && !text.includes('=?')) return text
  const chunks: string[] = ['']
  for (const character of text) {
    const last = chunks.at(-1) ?? ''
    if (Buffer.byteLength(last + character) > WORD_BYTES) chunks.push(character)
    else chunks[chunks.length - 1] = last + character
  }
  return chunks.map((chunk) => `=?UTF-8?B?${Buffer.from(chunk).toString('base64')}?=`).join('\r\n ')
}

/** Lines of at most `width` characters, broken at single spaces; a word that is longer than a line may be is cut. */
export function foldWords(text: string, width: number): string[] {
  const lines: string[] = []
  const words = text.split(' ').flatMap((word): readonly string[] => word.match(/.{1,200}/gsu) ?? [''])
  for (const word of words) {
    const line = lines.at(-1)
    // A line of nothing but space would end a header.
    if (line !== undefined && (word === '' || line.length + 1 + word.length <= width)) {
      lines[lines.length - 1] = `${line} ${word}`
    } else lines.push(word)
  }
  return lines
}

const encodedByte = (character: string): string =>
  `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Soft line breaks, none of them inside of `=XX`. */
function softBroken(line: string): string {
  const pieces: string[] = []
  let at = 0
  while (line.length - at > MAX_ENCODED) {
    const cut = line.lastIndexOf('=', at + MAX_ENCODED - 2)
    const end = at + MAX_ENCODED - 1
    const next = cut > end - 3 && cut > at ? cut : end
    pieces.push(`${line.slice(at, next)}=`)
    at = next
  }
  return [...pieces, line.slice(at)].join('\r\n')
}

function wrapped(base64: string): string {
  return (base64.match(/.{1,76}/g) ?? []).join('\r\n')
}
