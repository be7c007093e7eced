import { isAscii } from 'node:buffer'
import { type HeaderFacts, HeaderScanner } from '../header/index.ts'

/** What the guard refuses. The first in the message counts, regardless of how the bytes were split into chunks. */
export type DataProblem = 'bare_cr' | 'bare_lf' | 'nul' | 'line_too_long' | 'too_large'

/** Facts about a message that has passed the guard. */
export interface DataFacts extends HeaderFacts {
  /** Bytes passed on (after normalisation), or bytes received when there is a problem. */
  readonly size: number
  readonly lines: number
  /** Bytes of the header including the empty line that ends it; null without one. */
  readonly headerSize: number | null
  /** Whether there are bytes over 127. */
  readonly eightBit: boolean
  readonly problem: DataProblem | null
}

export interface LineGuardOptions {
  /** `refuse` accepts only CRLF; `normalise` turns a bare LF into CRLF (submission). Bare CR and NUL never pass. */
  readonly mode: 'refuse' | 'normalise'
  /** Longest line in bytes, without CRLF. */
  readonly maxLine: number
  /** Largest message in bytes, as sent. */
  readonly maxSize: number
  /** Our host name, as in the fields that we write. */
  readonly hostname: string
}

const CR = 13
const LF = 10
const CRLF = Buffer.from('\r\n')
const NOTHING = Buffer.alloc(0)

/**
 * Checks a message as it streams by, in chunks of any size, after dot-unstuffing (RFC 5321 §4.5.2). Only CRLF ends a line (RFC 5321
 * §2.3.8): SMTP smuggling relies on other line ends that some servers accept.
 */
export class LineGuard {
  readonly #options: LineGuardOptions
  readonly #header: HeaderScanner
  #problem: DataProblem | null = null
  #taken = 0
  #given = 0
  #lines = 0
  #lineLength = 0
  #headerSize: number | null = null
  #afterCr = false
  #eightBit = false

  constructor(options: LineGuardOptions) {
    this.#options = options
    this.#header = new HeaderScanner(options.hostname)
  }

  /** The first problem so far. */
  get problem(): DataProblem | null {
    return this.#problem
  }

  /** Whether the client has exceeded the size limit by a tenth: it ignores the limit and may never stop. */
  get runaway(): boolean {
    return this.#taken > this.#options.maxSize * 1.1
  }

  /** Takes the next bytes and returns those to store, none once there is a problem. Copies the chunk only to change it. */
  write(chunk: Buffer): Buffer {
    const given = this.#problem === null ? this.#scan(chunk) : NOTHING
    this.#eightBit ||= !isAscii(chunk)
    this.#taken += chunk.length
    this.#given += given.length
    return this.#problem === null ? given : NOTHING
  }

  /** Ends the message and returns its facts. */
  end(): DataFacts {
    if (this.#afterCr) this.#fail('bare_cr')
    if (this.#lineLength > 0 && this.#problem === null) this.#endLine(this.#given)
    return {
      size: this.#problem === null ? this.#given : this.#taken,
      lines: this.#lines,
      headerSize: this.#headerSize,
      eightBit: this.#eightBit,
      ...this.#header.facts(),
      problem: this.#problem,
    }
  }

  #scan(chunk: Buffer): Buffer {
    const nul = orEnd(chunk.indexOf(0), chunk)
    const allowed = this.#options.maxSize - this.#taken
    const limit = Math.min(nul, allowed, chunk.length)
    const pieces: Buffer[] = []
    let added = 0
    let from = 0
    let at = 0
    let cr = -1
    let lf = -1

    if (this.#afterCr && chunk.length > 0) {
      if (chunk[0] !== LF) return this.#fail('bare_cr')
      if (limit > 0) {
        this.#afterCr = false
        this.#endLine(this.#given + 1)
        at = 1
      }
    }
    while (at < limit) {
      if (cr < at) cr = orEnd(chunk.indexOf(CR, at), chunk)
      if (lf < at) lf = orEnd(chunk.indexOf(LF, at), chunk)
      const next = Math.min(cr, lf, limit)
      if (this.#lineLength + next - at > this.#options.maxLine) return this.#fail('line_too_long')
      if (this.#headerSize === null) this.#header.take(chunk, at, next)
      this.#lineLength += next - at
      if (next === limit) break

      if (cr < lf) {
        if (cr + 1 === chunk.length) {
          this.#afterCr = true
          break
        }
        if (chunk[cr + 1] !== LF) return this.#fail('bare_cr')
        if (cr + 1 === limit) break
        at = cr + 2
      } else {
        if (this.#options.mode === 'refuse') return this.#fail('bare_lf')
        pieces.push(chunk.subarray(from, lf), CRLF)
        from = lf + 1
        added += 1
        at = lf + 1
      }
      this.#endLine(this.#given + at + added)
    }
    if (limit < chunk.length) return this.#fail(allowed <= nul ? 'too_large' : 'nul')
    return pieces.length === 0 ? chunk : Buffer.concat([...pieces, chunk.subarray(from)])
  }

  /** @param offset bytes passed on so far, including this line's end */
  #endLine(offset: number): void {
    this.#lines += 1
    if (this.#headerSize === null) {
      if (this.#lineLength === 0) this.#headerSize = offset
      this.#header.endLine(offset)
    }
    this.#lineLength = 0
  }

  #fail(problem: DataProblem): Buffer {
    this.#problem ??= problem
    return NOTHING
  }
}

function orEnd(index: number, chunk: Buffer): number {
  return index === -1 ? chunk.length : index
}
