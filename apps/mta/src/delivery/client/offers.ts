import type { Offers } from '@mairust/mail-core/outbound'
import type { ReplyLines } from './reply-reader.ts'

/** What a server offers in its reply to EHLO (RFC 5321 §4.1.1.1). */
export interface ServerOffers extends Offers {
  readonly pipelining: boolean
  readonly startTls: boolean
  readonly dsn: boolean
  /** Mechanisms in upper case; empty: no login. */
  readonly auth: ReadonlySet<string>
}

/** After HELO: nothing. */
export const NO_OFFERS: ServerOffers = {
  size: null,
  eightBitMime: false,
  smtpUtf8: false,
  pipelining: false,
  startTls: false,
  dsn: false,
  auth: new Set(),
}

/** Reads the lines of a reply to EHLO. The first one is the greeting. */
export function readOffers(lines: ReplyLines): ServerOffers {
  const keywords = new Map<string, string>()
  const auth = new Set<string>()
  for (const line of lines.slice(1)) {
    const [word = '', ...values] = line
      .toString('latin1')
      .slice(4)
      .trim()
      .split(/[ \t]+/)
    const keyword = word.toUpperCase()
    // `AUTH=LOGIN` is how servers spoke before RFC 2554.
    const old = keyword.startsWith('AUTH=') ? [keyword.slice(5)] : []
    if (keyword === 'AUTH' || old.length > 0) for (const each of [...old, ...values]) auth.add(each.toUpperCase())
    else if (!keywords.has(keyword)) keywords.set(keyword, values[0] ?? '')
  }
  return {
    size: sizeOf(keywords.get('SIZE')),
    eightBitMime: keywords.has('8BITMIME'),
    smtpUtf8: keywords.has('SMTPUTF8'),
    pipelining: keywords.has('PIPELINING'),
    startTls: keywords.has('STARTTLS'),
    dsn: keywords.has('DSN'),
    auth,
  }
}

/** RFC 1870 §4: a number of at most 20 digits; none, or 0, is no fixed limit. */
function sizeOf(value: string | undefined): number | null {
  if (value === undefined) return null
  return /^\d{1,20}$/.test(value) ? Number(value) : 0
}
