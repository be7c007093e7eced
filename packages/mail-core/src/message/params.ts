import { decodeBytes } from './charset.ts'
import { decodeWords } from './words.ts'

/** A structured field such as Content-Type: its value in lower case and its decoded parameters. */
export type StructuredValue = { value: string; params: ReadonlyMap<string, string> }

type Segment = { index: number; encoded: boolean; text: string }

/** Most parameters read from one field. */
const MAX_PARAMS = 200
/** A parameter after white space or another separator in place of the semicolon. */
const UNSEPARATED =
  /[\s,:]{1,20}(?=(?:charset|boundary|name|filename|format|delsp|type|start|protocol|micalg|report-type)(?:\*\d{0,4}\*?)?\s*=)/iy
/** Parameters whose unquoted value may contain semicolons. */
const NAMES = /^(?:file)?name$/

/**
 * Parses `value; name=value; …` (RFC 2045 §5.1) with quoted values, comments, RFC 2231 continuations and charsets, encoded words in
 * values (which RFC 2047 §5 forbids), and missing semicolons. Linear, never throws.
 */
export function parseStructured(text: string): StructuredValue {
  const pieces = splitPieces(text)
  const value = (pieces.shift() ?? '').trim().toLowerCase()
  const segments = new Map<string, Segment[]>()
  let last: Segment | null = null
  for (const piece of pieces.slice(0, MAX_PARAMS)) {
    const equals = piece.indexOf('=')
    const match = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(piece.slice(0, Math.max(equals, 0)).trim().toLowerCase())
    if (!match?.[1]) {
      // `filename=a;b.pdf` without quotes: the rest of the name, not a parameter.
      if (last !== null && piece.trim() !== '') last.text += `;${piece}`
      continue
    }
    const [, name, index, star] = match
    const segment = { index: Number(index ?? -1), encoded: star !== undefined, text: piece.slice(equals + 1).trim() }
    last = NAMES.test(name) ? segment : null
    const list = segments.get(name)
    if (list) list.push(segment)
    else segments.set(name, [segment])
  }
  return { value, params: new Map([...segments].map(([name, list]) => [name, joinSegments(list)])) }
}

/** Splits at semicolons outside quotes, resolving quotes and dropping comments. */
function splitPieces(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let quoted = false
  let comment = 0
  let inValue = false
  let hasText = false
  const cut = () => {
    pieces.push(piece)
    piece = ''
    inValue = false
    hasText = false
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quoted && character === '\\' && /["\\]/.test(text[at + 1] ?? '')) {
      piece += text[at + 1] ?? ''
      at += 1
    } else if (character === '"' && comment === 0) quoted = !quoted
    else if (quoted) piece += character
    // A parenthesis inside an unquoted value is usually part of a file name, not a comment.
    else if (character === '(' && !inValue) comment += 1
    else if (character === ')' && comment > 0) comment -= 1
    else if (comment > 0) continue
    else if (character === ';') cut()
    else {
      UNSEPARATED.lastIndex = at
      const gap = hasText && /[\s,:]/.test(character) ? UNSEPARATED.exec(text) : null
      if (gap) {
        cut()
        at += gap[0].length - 1
        continue
      }
      piece += character
      hasText ||= /\S/.test(character)
      inValue ||= character === '='
    }
  }
  cut()
  return pieces
}

/** The extended form wins over the plain one, which is meant for old readers (RFC 6266 §4.3, RFC 5987). */
function joinSegments(segments: Segment[]): string {
  const extended = segments.filter((segment) => segment.encoded || segment.index >= 0)
  // The first non-empty value of a repeated parameter counts.
  const plain = segments.find((segment) => segment.text !== '')?.text ?? ''
  extended.sort((a, b) => a.index - b.index)
  const joined = extended.map((segment) => segment.text).join('')
  if (joined === '') return decodeWords(plain)
  if (!extended.some((segment) => segment.encoded)) return decodeWords(joined)
  // RFC 2231 §4: charset'language'text in the first segment; the charset may be split from its bytes only there.
  const head = /^([^']*)'[^']*'/.exec(extended[0]?.encoded ? extended[0].text : '')
  // Encoded words where percent encoding belongs.
  if (/=\?[^?]+\?[bq]\?/i.test(joined)) return decodeWords(joined.slice(joined.indexOf('=?')))
  const bytes = extended.map((segment, position) => {
    const text = position === 0 && head ? segment.text.slice(head[0].length) : segment.text
    return segment.encoded ? percentBytes(text) : Buffer.from(text, 'utf8')
  })
  return decodeBytes(Buffer.concat(bytes), head?.[1] ?? null)
}

function percentBytes(text: string): Buffer {
  const wellFormed = Buffer.from(text, 'utf8').toString('latin1')
  const bytes = wellFormed.replaceAll(/%([0-9a-f]{2})/gi, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}
