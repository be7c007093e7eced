/** A reply as it came: its lines without their ends. */
export type ReplyLines = readonly Buffer[]

/** What a remote sent is no SMTP, or too much of it. */
export class GarbledReply extends Error {
  override readonly name = 'GarbledReply'
}

/** RFC 5321 §4.5.3.1.5 allows 512 octets a line; many servers send more (O13). What is over this is passed over. */
const MAX_LINE = 4096
const MAX_LINES = 200
const MAX_REPLY = 64 * 1024
const [CR, LF] = [0x0d, 0x0a]
const LAST = /^\d{3}(?: |$)/
const MORE = /^\d{3}-/

/** Cuts what a remote sends into replies, however the bytes are split (RFC 5321 §4.2). Any byte may occur in a text (O13). */
export class ReplyReader {
  #line: Buffer[] = []
  #lineBytes = 0
  #lines: Buffer[] = []
  #bytes = 0

  /** Whether a reply has begun and not ended. */
  get hasPart(): boolean {
    return this.#lineBytes > 0 || this.#lines.length > 0
  }

  /**
   * Takes the next bytes and gives each reply that they end, at once: what came before garbage counts.
   * @throws GarbledReply
   */
  push(chunk: Buffer, give: (reply: ReplyLines) => void): void {
    let from = 0
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, at))
      from = at + 1
      const reply = this.#endLine()
      if (reply !== null) give(reply)
    }
    this.#keep(chunk.subarray(from))
  }

  /** The reply whose last line lacks only its end, when nothing more comes: its code says all. */
  finish(): ReplyLines | null {
    const line = Buffer.concat(this.#line)
    return LAST.test(codeOf(line)) && line.length > 3 ? [...this.#lines, line] : null
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#bytes += bytes.length
    if (this.#bytes > MAX_REPLY) throw new GarbledReply('the reply is too long')
    const room = MAX_LINE - this.#lineBytes
    if (room > 0) this.#line.push(bytes.subarray(0, room))
    this.#lineBytes += bytes.length
  }

  #endLine(): ReplyLines | null {
    const [only] = this.#line
    const whole = this.#line.length === 1 && only !== undefined ? only : Buffer.concat(this.#line)
    const line = whole.at(-1) === CR ? whole.subarray(0, -1) : whole
    this.#line = []
    this.#lineBytes = 0
    const code = codeOf(line)
    // Within a reply, some servers wrap long texts without a code.
    if (!LAST.test(code) && !MORE.test(code) && this.#lines.length === 0) throw new GarbledReply('this is no reply')
    this.#lines.push(line)
    if (this.#lines.length > MAX_LINES) throw new GarbledReply('the reply has too many lines')
    if (!LAST.test(code)) return null
    const reply = this.#lines
    this.#lines = []
    this.#bytes = 0
    return reply
  }
}

const codeOf = (line: Buffer) => line.toString('latin1', 0, 4)
