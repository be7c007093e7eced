import { type Address, parseAddress } from '../address/index.ts'

const MAX_MAILBOXES = 1000

/** RFC 5322 §3.2.3 atext and RFC 6532; the dot is `obs-phrase`, used in names such as `J. Doe`. */
const WORD = /(?:[\w!#$%&'*+\-/=?^`{|}~.]|[^\0-\x9f\p{Cs}\p{Zl}\p{Zp}])+/uy
const QUOTED = /"(?:[^"\\\p{Cc}]|\\\P{Cc})*"/uy
const SPEC = /(?:"(?:[^"\\\p{Cc}]|\\\P{Cc})*"|[^\s"(),:;<>@\\]+)@(?:\[[^\s[\]]*\]|[^\s"(),:;<>@\\[\]]+)/uy
const SPACE = /[ \t]+/y

/**
 * Strictly parses an unfolded originator field (From, Sender, Resent-From, Resent-Sender): a whole RFC 5322 §3.4 mailbox-list with
 * nothing left over. No other program can read different authors from a value that passes.
 * @returns null when it is not one
 */
export function readMailboxes(value: string): Address[] | null {
  const reader = new Reader(value)
  const mailboxes = reader.mailboxes()
  return mailboxes !== null && reader.atEnd ? mailboxes : null
}

/** The same for recipients, who may be in groups (RFC 5322 §3.4 address-list): the result holds their members. */
export function readAddresses(value: string): Address[] | null {
  const reader = new Reader(value)
  const found: Address[] = []
  do {
    const next = reader.group() ?? reader.mailbox()
    if (next === null) return null
    found.push(...[next].flat())
  } while (reader.take(','))
  return reader.atEnd ? found : null
}

/** Consumes a value from the front. A method that consumes nothing returns null or false. */
class Reader {
  readonly #text: string
  #at = 0
  #broken = false

  constructor(text: string) {
    this.#text = text
    this.#blank()
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length && !this.#broken
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    this.#blank()
    return true
  }

  mailboxes(): Address[] | null {
    const found: Address[] = []
    do {
      const mailbox = this.mailbox()
      if (mailbox === null || found.length === MAX_MAILBOXES) return null
      found.push(mailbox)
    } while (this.take(','))
    return found
  }

  /** `address`, or `name <address>`. */
  mailbox(): Address | null {
    const bare = this.#spec()
    if (bare !== null) {
      this.#blank()
      return bare
    }
    this.#phrase()
    if (this.#text[this.#at] !== '<') return null
    this.#at += 1
    const address = this.#spec()
    return address !== null && this.take('>') ? address : null
  }

  /** `name: mailboxes;` */
  group(): Address[] | null {
    const start = this.#at
    if (this.#phrase() && this.take(':')) {
      if (this.take(';')) return []
      const members = this.mailboxes()
      if (members !== null && this.take(';')) return members
    }
    this.#at = start
    return null
  }

  #spec(): Address | null {
    const start = this.#at
    const text = this.#match(SPEC)
    // An encoded word cannot be part of an address (RFC 2047 §5), though some readers take it for a name before one.
    const parsed = text === null || text.includes('=?') ? null : parseAddress(text)
    if (parsed?.ok === true) return parsed.value
    this.#at = start
    return null
  }

  #phrase(): boolean {
    const start = this.#at
    while (this.#match(WORD) !== null || this.#match(QUOTED) !== null) this.#blank()
    return this.#at > start
  }

  /** White space and comments (RFC 5322 §3.2.2 CFWS). */
  #blank(): void {
    while (this.#match(SPACE) !== null || this.#comment()) continue
  }

  #comment(): boolean {
    if (this.#text[this.#at] !== '(') return false
    let depth = 0
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === '\\') this.#at += 1
      else if (character === '(') depth += 1
      else if (character === ')' && (depth -= 1) === 0) {
        this.#at += 1
        return true
      }
    }
    this.#at = this.#text.length
    this.#broken = true
    return true
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const [text = null] = pattern.exec(this.#text) ?? []
    if (text !== null) this.#at += text.length
    return text
  }
}
