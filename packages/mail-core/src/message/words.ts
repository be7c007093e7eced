import { decodeBytes, normalizeCharset } from './charset.ts'

// RFC 2047 §2, but white space in the encoded text is accepted because mailers leave it there.
const ENCODED_WORD = /=\?([^?\s]{1,80})\?([bq])\?([^?]*)\?=/gi

type Word = { charset: string; isBase64: boolean; text: string }

/**
 * Decodes the RFC 2047 encoded words of a header value. White space between two words is dropped, and adjacent words of
 * one charset are joined before decoding, because mailers split them inside a character. Control characters become
 * spaces.
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return cleanControls(value)
  let result = ''
  let pending: Word[] = []
  let last = 0
  for (const match of value.matchAll(ENCODED_WORD)) {
    const gap = value.slice(last, match.index)
    const word = {
      charset: normalizeCharset(match[1] ?? ''),
      isBase64: /b/i.test(match[2] ?? ''),
      text: match[3] ?? '',
    }
    const adjacent = pending.length > 0 && gap.trim() === ''
    if (!adjacent || pending[0]?.charset !== word.charset) {
      result += decodeRun(pending)
      pending = []
    }
    if (!adjacent) result += gap
    pending.push(word)
    last = match.index + match[0].length
  }
  return cleanControls(result + decodeRun(pending) + value.slice(last))
}

/** Decodes words of one charset as one text. */
function decodeRun(words: Word[]): string {
  const [first] = words
  if (!first) return ''
  const chunks: Buffer[] = []
  let base64 = ''
  for (const word of words) {
    if (word.isBase64) {
      // A word whose length is no multiple of four was split inside a base64 group: its rest is in the next word.
      base64 += word.text.replaceAll(/\s/g, '')
      if (base64.length % 4 !== 0 && !base64.endsWith('=')) continue
      chunks.push(Buffer.from(base64, 'base64'))
    } else {
      chunks.push(Buffer.from(base64, 'base64'), decodeQ(word.text))
    }
    base64 = ''
  }
  chunks.push(Buffer.from(base64, 'base64'))
  return decodeBytes(Buffer.concat(chunks), first.charset)
}

/** RFC 2047 §4.2. */
function decodeQ(text: string): Buffer {
  const bytes = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /[^\0-\xff]/.test(bytes) ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes, 'latin1')
}

function cleanControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll(/[\0-\x1f\x7f]/g, ' ')
}
