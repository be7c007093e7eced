import { type HeaderLine, HeaderLines, LINE_START } from './lines.ts'
import { claimsOurResults, isOwnReceived } from './own.ts'

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
/** A name whose colon is on the next line: obsolete (RFC 5322 §4.5), and not read by us, but by others. */
const FOLDED_NAME = /^authentication-results[ \t]*$/i
const FOLDED_COLON = /^[ \t]+:/
/** Most ranges reported; only a hostile message has more. */
const MAX_RANGES = 100

/** The bytes from offset `from` up to, not including, `to`. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Facts about a header that has passed the scanner. */
export interface HeaderFacts {
  readonly headerFields: number
  readonly receivedCount: number
  /** Whether a Received field shows that this server has already received the message. */
  readonly ownReceived: boolean
  /** Occurrences of each field that may occur only once (RFC 5322 §3.6), by lower-case name. */
  readonly singleFields: ReadonlyMap<string, number>
  /**
   * Ranges with Authentication-Results in our name, or with lines that would continue the last field before the message; null when
   * there are too many.
   */
  readonly forgedResults: readonly ByteRange[] | null
}

interface Field {
  readonly name: string
  readonly from: number
  to: number
  /** Its unfolded value, up to `LINE_START` characters. */
  value: string
}

/**
 * Reads header lines as they pass, holding at most one field. Reads them as the parser will later, when our own fields precede a
 * message that may begin without a field.
 */
export class HeaderScanner {
  readonly #hostname: string
  readonly #lines = new HeaderLines('tolerant', { follows: true })
  readonly #single = new Map<string, number>()
  readonly #forged: ByteRange[] = []
  #line = ''
  #lineFrom = 0
  #field: Field | null = null
  /** Where a name begins whose colon may follow. */
  #nameFrom: number | null = null
  #fields = 0
  #receivedCount = 0
  #ownReceived = false
  #ended = false
  #begun = false

  /** @param hostname our host name, as in the fields that we write */
  constructor(hostname: string) {
    this.#hostname = hostname
  }

  /** Takes bytes of the current line, without its line end. */
  take(chunk: Buffer, start: number, end: number): void {
    const room = LINE_START - this.#line.length
    if (room > 0 && end > start) this.#line += chunk.toString('latin1', start, Math.min(end, start + room))
  }

  /** Ends the current line, whose line end ends at offset `to`. */
  endLine(to: number): void {
    const text = this.#line
    const from = this.#lineFrom
    this.#line = ''
    this.#lineFrom = to
    if (this.#ended) return
    if (!this.#begun) {
      if (/^[ \t]/.test(text)) {
        this.#forge({ from, to })
        return
      }
      this.#begun = true
    }
    const line = this.#lines.read(text)
    if (this.#continues(line, text, to)) return
    this.#endField()
    this.#nameFrom = line.kind === 'junk' && FOLDED_NAME.test(text) ? from : null
    if (line.kind === 'field') this.#begin({ name: line.name.toLowerCase(), from, to, value: line.value.trim() })
    else if (line.kind !== 'junk') this.#ended = true
  }

  /** Whether the line belongs to what precedes it; it is taken in, if that matters. */
  #continues({ kind }: HeaderLine, text: string, to: number): boolean {
    if (kind !== 'fold' && !(kind === 'junk' && /^[ \t]/.test(text))) return false
    if (this.#nameFrom !== null && FOLDED_COLON.test(text)) {
      this.#field = { name: 'authentication-results', from: this.#nameFrom, to, value: text.trim().slice(1).trim() }
      this.#nameFrom = null
    } else if (this.#field !== null) this.#continue(this.#field, text, to)
    return true
  }

  facts(): HeaderFacts {
    this.#endField()
    return {
      headerFields: this.#fields,
      receivedCount: this.#receivedCount,
      ownReceived: this.#ownReceived,
      singleFields: new Map(this.#single),
      forgedResults: this.#forged.length > MAX_RANGES ? null : [...this.#forged],
    }
  }

  #begin(field: Field): void {
    const { name } = field
    this.#fields += 1
    if (SINGLE.has(name)) this.#single.set(name, (this.#single.get(name) ?? 0) + 1)
    if (name === 'received') this.#receivedCount += 1
    this.#field = name === 'received' || name === 'authentication-results' ? field : null
  }

  #continue(field: Field, line: string, to: number): void {
    field.to = to
    field.value = `${field.value} ${line.trim()}`.slice(0, LINE_START)
  }

  #endField(): void {
    const field = this.#field
    this.#field = null
    if (field === null) return
    if (field.name === 'received') this.#ownReceived ||= isOwnReceived(field.value, this.#hostname)
    else if (claimsOurResults(field.value, this.#hostname)) this.#forge(field)
  }

  #forge({ from, to }: ByteRange): void {
    const last = this.#forged.at(-1)
    if (last?.to === from) this.#forged[this.#forged.length - 1] = { from: last.from, to }
    else if (this.#forged.length <= MAX_RANGES) this.#forged.push({ from, to })
  }
}
