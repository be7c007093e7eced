import { contentIdOf } from '@mairust/mail-core/message'
import { shownAddress } from '@mairust/mail-core/shown-text'

const DATA = /^data:image\/(png|jpe?g|gif|webp)(?:;[\w.-]{1,40}=[\w.-]{1,40}){0,4};base64,([a-z0-9+/=%\s]+)$/i
/** Longer links are dropped. Those of link-checking gateways are long: they contain the original URL and tokens. */
const MAX_LINK = 16_384
/** Longer URLs of remote images are dropped: the proxy URL, which contains them, must fit into a request. */
const MAX_IMAGE = 4096
/** Longer hosts do not exist (RFC 1035 §2.3.4), and reading one that is not ASCII takes quadratic time. */
const MAX_HOST = 255
const HOST = /^[a-z][a-z\d+.-]*:[\\/]*([^\\/?#]*)/i
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:'])
const ADDRESS = /^[^\s@:/?#]+@[^\s@:/?#.]+(?:\.[^\s@:/?#.]+)+$/

/** What an `img` or a background refers to. */
export type ImageSource =
  | { kind: 'cid'; contentId: string }
  | { kind: 'remote'; url: string }
  | { kind: 'data'; url: string }
  | { kind: 'none' }

/**
 * The absolute http, https, mailto, tel or sms URL of a link; null for anything else, including relative URLs. Adds a missing scheme:
 * `www.example.com`, `//example.com`, `ann@example.com`.
 */
export function linkTarget(href: string): string | null {
  const url = parse(withScheme(href.trim()), MAX_LINK)
  return url !== null && SCHEMES.has(url.protocol) ? url.href : null
}

function withScheme(href: string): string {
  if (href.startsWith('//')) return `https:${href}`
  if (/^www\./i.test(href)) return `http://${href}`
  return ADDRESS.test(href) ? `mailto:${href}` : href.replace(/^mailto:\s+/i, 'mailto:')
}

/** The label that shows where a link leads: the host (in punycode) and path, or the address of a mailto link. */
export function linkLabel(target: string): string {
  const url = new URL(target)
  return url.host === ''
    ? shownAddress(decoded(url.pathname)).slice(0, 200)
    : `${url.host}${url.pathname === '/' ? '' : url.pathname}`.slice(0, 200)
}

/** The kind of image that a URL refers to. Data URLs only with raster types, never SVG. */
export function imageSource(src: string): ImageSource {
  const text = src.trim()
  const contentId = contentIdOf(text)
  if (contentId !== null) return { kind: 'cid', contentId }
  const [, type, content] = DATA.exec(text) ?? []
  if (type !== undefined && content !== undefined) {
    return { kind: 'data', url: `data:image/${type};base64,${decoded(content).replaceAll(/[^a-z0-9+/=]/gi, '')}` }
  }
  const url = parse(text.startsWith('//') ? `https:${text}` : text, MAX_IMAGE)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { kind: 'none' }
  return url.username === '' && url.password === '' ? { kind: 'remote', url: url.href } : { kind: 'none' }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parse(text: string, longest: number): URL | null {
  if (text.length > longest) return null
  // Browsers ignore line ends and tabs in URLs.
  const [, authority = ''] = HOST.exec(text.replaceAll(/[\t\r\n]/g, '')) ?? []
  const isAddress = /^(?:mailto|tel|sms):/i.test(text)
  return !isAddress && authority.length - authority.lastIndexOf('@') - 1 > MAX_HOST ? null : URL.parse(text)
}
