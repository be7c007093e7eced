import type { DataFacts } from './line-guard.ts'

const MAX_LINE = 1000
const MAX_RECEIVED = 60 // more than the loop rule allows, so that it can be told
/** RFC 5322 §3.6: at most one of each. */
const SINGLE = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'date',
])
const NAME = /^([\x21-\x39\x3b-\x7e]{1,76})[ \t]*:/ // RFC 5322 §2.2, and §4.5 for blanks before the colon

/** Reads header lines as they go by, keeping little: how many fields there are and what the Received ones say. */
export class HeaderWatch {
  #line = ''
  #fields = 0
  #receivedCount = 0
  #inReceived = false
  readonly #received: string[] = []
  readonly #single = new Map<string, number>()

  /** Takes bytes of the line at hand, without its end. */
  take(chunk: Buffer, start: number, end: number): void {
    const room = MAX_LINE - this.#line.length
    if (room > 0 && end > start) this.#line += chunk.toString('latin1', start, Math.min(end, start + room))
  }

  /** Ends the line at hand. */
  endLine(): void {
    const line = this.#line
    this.#line = ''
    if (line.startsWith(' ') || line.startsWith('\t')) this.#continue(line)
    else if (line !== '') this.#begin(line)
  }

  facts(): Pick<DataFacts, 'headerFields' | 'receivedCount' | 'received' | 'singleFields'> {
    return {
      headerFields: this.#fields,
      receivedCount: this.#receivedCount,
      received: [...this.#received],
      singleFields: new Map(this.#single),
    }
  }

  #begin(line: string): void {
    this.#inReceived = false
    const match = NAME.exec(line)
    const name = match?.[1]?.toLowerCase()
    if (match === null || name === undefined) return
    this.#fields += 1
    if (SINGLE.has(name)) this.#single.set(name, (this.#single.get(name) ?? 0) + 1)
    if (name !== 'received') return
    this.#receivedCount += 1
    this.#inReceived = this.#received.length < MAX_RECEIVED
    if (this.#inReceived) this.#received.push(line.slice(match[0].length).trim())
  }

  #continue(line: string): void {
    const last = this.#received.at(-1)
    if (!this.#inReceived || last === undefined) return
    this.#received[this.#received.length - 1] = `${last} ${line.trim()}`.slice(0, MAX_LINE)
  }
}
