/** What the guard objects to; the first one found stands. */
export type DataProblem = 'bare_cr' | 'bare_lf' | 'nul' | 'line_too_long' | 'too_large'

/** What is known of a message's bytes after they have passed. */
export interface DataFacts {
  /** Bytes given out (after normalisation), or taken in once a problem stands. */
  readonly size: number
  readonly lines: number
  /** Bytes of the header with the empty line that ends it, or null when there is no body. */
  readonly headerSize: number | null
  readonly headerFields: number
  readonly receivedCount: number
  /** The first Received fields, unfolded, cut at 1,000 bytes each. */
  readonly received: readonly string[]
  /** How often each field occurs that may occur once only (RFC 5322 §3.6), by lower-case name. */
  readonly singleFields: ReadonlyMap<string, number>
  readonly problem: DataProblem | null
}

export interface LineGuardOptions {
  /** `refuse` takes CRLF only; `normalise` turns a bare LF into CRLF (submission). Bare CR and NUL never pass. */
  readonly mode: 'refuse' | 'normalise'
  /** Longest line in bytes, without CRLF. */
  readonly maxLine: number
  /** Largest message in bytes. */
  readonly maxSize: number
}

/** Watches a message go by in chunks of any size. */
export interface LineGuard {
  /** Takes the next bytes and gives those to store: empty from the first problem on. The chunk is not copied unless changed. */
  write(chunk: Buffer): Buffer
  /** Ends the message and tells the facts. */
  end(): DataFacts
  /** The first problem so far. */
  readonly problem: DataProblem | null
}
