const [CR, LF, DOT] = [0x0d, 0x0a, 0x2e]
const EXTRA_DOT = Buffer.from('.')
/** More pieces than these cost more than a copy. */
const MAX_PIECES = 32
const LINE_DOT = Buffer.from('\n.')

/** Makes a message fit for DATA as it streams by, without copying it (RFC 5321 §4.5.2). */
export class DotStuffing {
  /** The last two bytes so far; a message begins at the start of a line. */
  #last: readonly [number, number] = [CR, LF]

  /** The pieces to send for the next bytes: ranges of them, with a dot more before each that begins a line. */
  write(chunk: Buffer): readonly Buffer[] {
    if (chunk.length === 0) return []
    const pieces: Buffer[] = []
    let from = 0
    if (chunk[0] === DOT && this.#last[1] === LF) pieces.push(EXTRA_DOT)
    // After a bare LF too: no server may see the end of the message there, whatever it takes for the end of a line (RFC 5321 §2.3.8).
    for (let at = chunk.indexOf(LINE_DOT); at !== -1; at = chunk.indexOf(LINE_DOT, from)) {
      pieces.push(chunk.subarray(from, at + 1), EXTRA_DOT)
      from = at + 1
    }
    pieces.push(chunk.subarray(from))
    this.#last = [chunk.at(-2) ?? this.#last[1], chunk.at(-1) ?? this.#last[1]]
    return pieces.length > MAX_PIECES ? [Buffer.concat(pieces)] : pieces
  }

  /** What ends the message: its last line, if that has no end yet, and the final dot. */
  end(): Buffer {
    const [before, last] = this.#last
    return Buffer.from(before === CR && last === LF ? '.\r\n' : '\r\n.\r\n')
  }
}
