import { escapeRemote } from '@mairust/mail-core/smtp'
import type { ReplyLines } from './reply-reader.ts'

/** Lines kept of one transaction: those that came first, and the last ones, which tell how it ended. */
const [FIRST, LAST] = [60, 40]
const MAX_LINE = 300
/** Lines shown of one reply. */
const MAX_REPLY = 12

/** The conversation with a server, bounded and safe to show. Secrets and the message itself are never in it. */
export class Transcript {
  #first: string[] = []
  #last: string[] = []
  #left = 0

  sent(command: string): void {
    this.#add(`> ${escapeRemote(command, MAX_LINE)}`)
  }

  received(lines: ReplyLines): void {
    for (const line of lines.slice(0, MAX_REPLY)) this.#add(`< ${escapeRemote(textOf(line), MAX_LINE)}`)
    if (lines.length > MAX_REPLY) this.note(`${lines.length - MAX_REPLY} more lines`)
  }

  /** Something that happened, in our words. */
  note(text: string): void {
    this.#add(`(${escapeRemote(text, MAX_LINE)})`)
  }

  /** Puts what was said on another connection in front. */
  prepend(lines: readonly string[]): void {
    this.#first.unshift(...lines)
  }

  /** What was said so far; the next transaction begins anew. */
  take(): readonly string[] {
    const lines = [...this.#first, ...(this.#left > 0 ? [`(${this.#left} lines left out)`] : []), ...this.#last]
    this.#first = []
    this.#last = []
    this.#left = 0
    return lines
  }

  #add(line: string): void {
    if (this.#first.length < FIRST) {
      this.#first.push(line)
      return
    }
    this.#last.push(line)
    if (this.#last.length <= LAST) return
    this.#last.shift()
    this.#left += 1
  }
}

/** UTF-8 where it is (RFC 6531 §3.7.4.2). */
const textOf = (line: Buffer) => {
  const text = line.toString('utf8')
  return text.includes('\ufffd') ? line.toString('latin1') : text
}
