import { decodeBase64Blocks } from './base64.ts'
import { decodeBytes, normalizeCharset } from './charset.ts'
import { mayDecodeWord, withinEffort } from './effort.ts'

/** The start of an encoded word (RFC 2047 §2). */
const START = /=\?([^?\s]{1,80})\?([bq])\?/giy
/** What follows a `?=` inside the text: an escape, and later the real end. Mailers leave `?` unencoded. */
const CONTINUES = /[0-9a-f]{2}[^\s?]{0,100}\?=/iy

/** An encoded word; `text` is its encoded text. */
type Word = { start: number; end: number; charset: string; isBase64: boolean; text: string }

/**
 * Decodes the RFC 2047 encoded words of a header value. White space between two words is dropped, and adjacent words of one charset
 * are joined before decoding, because mailers split them inside a character. Control characters become spaces. Words beyond those that
 * a message may have (`withinEffort`) stay as they are.
 */
export function decodeWords(value: string): string {
  return value.includes('=?') ? withinEffort(() => decodeAll(value)) : cleanControls(value)
}

function decodeAll(value: string): string {
  let result = ''
  let pending: Word[] = []
  let last = 0
  for (let word = nextWord(value, 0); word && mayDecodeWord(); word = nextWord(value, word.end)) {
    const gap = value.slice(last, word.start)
    const adjacent = pending.length > 0 && gap.trim() === ''
    if (!adjacent || pending[0]?.charset !== word.charset) {
      result += decodeRun(pending)
      pending = []
    }
    if (!adjacent) result += gap
    pending.push(word)
    last = word.end
  }
  return cleanControls(result + decodeRun(pending) + value.slice(last))
}

/** The encoded word at the very beginning of a text, or null. */
export function wordAt(text: string): Word | null {
  START.lastIndex = 0
  const word = START.test(text) ? nextWord(text, 0) : null
  return word?.start === 0 ? word : null
}

/** The first encoded word at or after a position. Accepts white space and question marks in it. Linear over all calls. */
function nextWord(value: string, from: number): Word | null {
  let start = value.indexOf('=?', from)
  while (start !== -1) {
    START.lastIndex = start
    const head = START.exec(value)
    if (!head) {
      start = value.indexOf('=?', start + 2)
      continue
    }
    const textStart = start + head[0].length
    const close = closeOf(value, textStart)
    if (close === -1) return null
    // A word in which another begins was never closed; the inner one is nearer to this end.
    const inner = lastStart(value, textStart, close)
    if (inner === -1) {
      const charset = normalizeCharset(head[1] ?? '')
      const isBase64 = /b/i.test(head[2] ?? '')
      return { start, end: close + 2, charset, isBase64, text: value.slice(textStart, close) }
    }
    start = inner
  }
  return null
}

function closeOf(value: string, from: number): number {
  const close = value.indexOf('?=', from)
  if (close === -1) return -1
  CONTINUES.lastIndex = close + 2
  const more = CONTINUES.exec(value)
  return more && !more[0].includes('=?') ? close + more[0].length : close
}

/** The last start of a word between two positions, or -1. */
function lastStart(value: string, from: number, to: number): number {
  for (let at = value.lastIndexOf('=?', to - 1); at >= from; at = value.lastIndexOf('=?', at - 1)) {
    START.lastIndex = at
    if (START.test(value)) return at
  }
  return -1
}

/** Decodes adjacent words of one charset together. */
function decodeRun(words: Word[]): string {
  const [first] = words
  if (!first) return ''
  const chunks: Buffer[] = []
  let base64 = ''
  const flush = () => {
    if (base64 !== '') chunks.push(decodeBase64Blocks(base64))
    base64 = ''
  }
  for (const word of words) {
    // A word whose length is not a multiple of four was split inside a base64 group that continues in the next word.
    if (word.isBase64) base64 += word.text.replaceAll(/\s/g, '')
    else {
      flush()
      chunks.push(decodeQ(word.text))
    }
  }
  flush()
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
