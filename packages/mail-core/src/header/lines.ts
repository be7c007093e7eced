/** How a header is read: `strict` for what our users send, `tolerant` for what the world sends. */
export type Reading = 'strict' | 'tolerant'

/**
 * Kind of a header line. `junk` belongs to no field; `body` starts the body, because the empty line before the first boundary is
 * missing; `no_header` means that everything is body.
 */
export type HeaderLine =
  | {
      readonly kind: 'field'
      readonly name: string
      /** The text after the colon on this line. */
      readonly value: string
    }
  | { readonly kind: 'fold' | 'junk' | 'end' | 'body' | 'no_header' }

/** Enough characters of a line to classify it. */
export const LINE_START = 1000

/** RFC 5322 §2.2; white space before the colon is obsolete (§4.5). */
const FIELD = {
  strict: /^([\x21-\x39\x3b-\x7e]+):/,
  tolerant: /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/,
} as const
/** `From sender date` and `>From`, left over in messages that were once in an mbox. */
const ENVELOPE = /^>?From /

/** Classifies the lines of a header, given in order. All code that reads headers uses it, so that all see the same fields. */
export class HeaderLines {
  readonly #reading: Reading
  #hasField: boolean
  #inField = false

  /** @param follows whether fields precede the lines; a header with fields is never `no_header` */
  constructor(reading: Reading, { follows = false }: { readonly follows?: boolean } = {}) {
    this.#reading = reading
    this.#hasField = follows
  }

  /** @param line its first `LINE_START` characters, as Latin-1 and without the line end */
  read(line: string): HeaderLine {
    if (line === '') return { kind: 'end' }
    if (this.#hasField && (line.startsWith(' ') || line.startsWith('\t'))) {
      return { kind: this.#inField ? 'fold' : 'junk' }
    }
    const match = FIELD[this.#reading].exec(line)
    const name = match?.[1]
    this.#inField = name !== undefined
    if (match === null || name === undefined) {
      if (this.#hasField) return { kind: line.startsWith('--') ? 'body' : 'junk' }
      return { kind: ENVELOPE.test(line) ? 'junk' : 'no_header' }
    }
    this.#hasField = true
    return { kind: 'field', name, value: line.slice(match[0].length) }
  }
}
