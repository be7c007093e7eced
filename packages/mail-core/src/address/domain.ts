import type { Parsed } from './types.ts'

const MAX_DOMAIN = 255 // RFC 5321 §4.5.3.1.2
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/ // RFC 5321 §4.1.2 sub-domain, RFC 1035 §2.3.4
const TOLERANT_LABEL = /^\w(?:[\w-]{0,61}\w)?$/
// eslint-disable-next-line no-control-regex -- the range is the definition of ASCII
const ASCII = /^[\x00-\x7f]*$/
const PLAIN_ASCII = /^[\w.-]*$/
// eslint-disable-next-line no-control-regex -- as above
const STRIP_NON_ASCII = /[^\x00-\x7f]/g

/**
 * Parses a domain name, Unicode or ASCII, into lower-case A-labels (RFC 5890, RFC 5321 §2.3.5).
 * Accepts no trailing dot, no address literal, no name that reads as an IPv4 address.
 * `tolerant` also accepts underscores, which real senders use in host names.
 */
export function parseDomain(text: string, options: { tolerant?: boolean } = {}): Parsed<string> {
  if (text === '') return { ok: false, problem: 'empty' }
  if (text.length > MAX_DOMAIN) return { ok: false, problem: 'domain_too_long' }
  const ascii = toAscii(text)
  if (ascii === null) return { ok: false, problem: 'domain' }
  if (ascii.length > MAX_DOMAIN) return { ok: false, problem: 'domain_too_long' }
  const labels = ascii.split('.')
  const rule = options.tolerant === true ? TOLERANT_LABEL : LABEL
  if (!labels.every((label) => rule.test(label))) return { ok: false, problem: 'domain' }
  // A numeric last label disguises an IP address (RFC 3696 §2).
  if (/^\d+$/.test(labels.at(-1) ?? '')) return { ok: false, problem: 'domain' }
  return { ok: true, value: ascii }
}

function toAscii(text: string): string | null {
  if (ASCII.test(text)) return PLAIN_ASCII.test(text) ? text.toLowerCase() : null
  // The URL parser maps hosts by UTS 46, in browsers too. It also decodes %41 and stops at a slash, hence the check of the ASCII
  // part.
  if (!PLAIN_ASCII.test(text.replace(STRIP_NON_ASCII, ''))) return null
  const url = `ws://${text}`
  return URL.canParse(url) ? new URL(url).hostname : null
}
