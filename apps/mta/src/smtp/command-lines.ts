/** What is wrong with a command line; each ends the connection. */
export type LineProblem = 'bare' | 'too_long'

/** RFC 5321 §4.5.3.1.4 asks for 512; extensions and long paths need more. */
const MAX_LINE = 2048
/** RFC 4954 §4: base64 of a SASL message. */
const MAX_AUTH_LINE = 12_288

const CR = 0x0d
const LF = 0x0a
const NUL = 0x00
const EMPTY = Buffer.alloc(0)

export interface NextLine {
  /** Without CRLF; null when no whole line is there yet. */
  readonly line: Buffer | null
  readonly problem: LineProblem | null
}

const NONE: NextLine = { line: null, problem: null }

/**
 * Splits a byte stream into command lines. Only CRLF ends a line (RFC 5321 §2.3.8), so that servers along the way cannot
 * disagree about where a command begins. An unfinished last line is not a command.
 */
export class CommandLines {
  #rest: Buffer = EMPTY

  add(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
  }

  /** Takes the unread bytes: what follows DATA in the same segment. */
  takeRest(): Buffer {
    const rest = this.#rest
    this.#rest = EMPTY
    return rest
  }

  get pending(): boolean {
    return this.#rest.length > 0
  }

  /** @param inAuth whether the line answers an AUTH challenge, and so may be long */
  next(inAuth: boolean): NextLine {
    const limit = inAuth || isAuth(this.#rest) ? MAX_AUTH_LINE : MAX_LINE
    const end = this.#rest.indexOf(LF)
    if (end === -1) return this.#rest.length > limit ? { line: null, problem: 'too_long' } : NONE
    if (end > limit) return { line: null, problem: 'too_long' }
    const line = this.#rest.subarray(0, end - 1)
    const clean = end > 0 && this.#rest[end - 1] === CR && !line.includes(CR) && !line.includes(NUL)
    if (!clean) return { line: null, problem: 'bare' }
    this.#rest = this.#rest.subarray(end + 1)
    return { line, problem: null }
  }
}

function isAuth(bytes: Buffer): boolean {
  return bytes.length >= 5 && bytes.toString('latin1', 0, 5).toUpperCase() === 'AUTH '
}
