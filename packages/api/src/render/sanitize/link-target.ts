import { shownAddress } from '@mairust/mail-core/shown-text'

/** Longer links are dropped. Those of link-checking gateways are long: they contain the original URL and tokens. */
export const MAX_LINK = 16_384
/** No host has more (RFC 1035 §2.3.4), and what is not ASCII in a longer one would take quadratic time. */
const MAX_HOST = 255
/** Most of a path or an address in a label. */
const MAX_SHOWN = 200
const HOST = /[a-z][a-z\d+.-]{0,20}:[\\/]*([^\\/?#]*)/i
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:'])
const ADDRESS = /^[^\s@:/?#]+@[^\s@:/?#.]+(?:\.[^\s@:/?#.]+)+$/

/**
 * The absolute http, https, mailto, tel or sms URL of a link; null for anything else, including relative URLs. Adds a missing scheme:
 * `www.example.com`, `//example.com`, `ann@example.com`.
 */
export function linkTarget(href: string): string | null {
  const url = parseUrl(withScheme(href.trim()), MAX_LINK)
  return url !== null && SCHEMES.has(url.protocol) ? url.href : null
}

function withScheme(href: string): string {
  if (href.startsWith('//')) return `https:${href}`
  if (/^www\./i.test(href)) return `http://${href}`
  return ADDRESS.test(href) ? `mailto:${href}` : href.replace(/^mailto:\s+/i, 'mailto:')
}

/**
 * The label that shows where a link leads: the host (in punycode) and path, or the address of a mailto link. What is long is cut
 * where it says least: never in a host, which is read from its end.
 */
export function linkLabel(target: string): string {
  const url = new URL(target)
  if (url.host !== '') return `${url.host}${url.pathname === '/' ? '' : url.pathname.slice(0, MAX_SHOWN)}`
  const address = shownAddress(decoded(url.pathname))
  if (address.length <= MAX_SHOWN + MAX_HOST) return address
  return `${address.slice(0, MAX_SHOWN)}…${address.slice(-MAX_HOST)}`.toWellFormed()
}

/** The URL, unless it is none or too long. */
export function parseUrl(given: string, longest: number): URL | null {
  // As browsers do.
  const text = given.replaceAll(/[\t\n\r]/g, '')
  if (text.length > longest) return null
  const [, authority = ''] = HOST.exec(text) ?? []
  const isAddress = /^(?:mailto|tel|sms):/i.test(text)
  if (!isAddress && authority.length - authority.lastIndexOf('@') - 1 > MAX_HOST) return null
  // Not `URL.parse`: pages use this too, and browsers of 2023 lack it.
  try {
    const url = new URL(text)
    return url.hostname.length > MAX_HOST ? null : url
  } catch {
    return null
  }
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
