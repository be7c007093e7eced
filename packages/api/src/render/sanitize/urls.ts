import { contentIdOf } from '@mairust/mail-core/message'
import { shownAddress } from '@mairust/mail-core/shown-text'

const DATA = /^data:image\/(png|jpe?g|gif|webp)(?:;[\w.-]{1,40}=[\w.-]{1,40}){0,4};base64,([a-z0-9+/=%\s]+)$/i
/** Longest link that is followed: those of gateways that check links hold the original address, and tokens beside it. */
const MAX_LINK = 16_384
/** Longest address of a remote picture: ours, which holds it, must fit into a request. */
const MAX_IMAGE = 4096
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:'])
const ADDRESS = /^[^\s@:/?#]+@[^\s@:/?#.]+(?:\.[^\s@:/?#.]+)+$/

/** What an `img` or a background points to. */
export type ImageSource =
  | { kind: 'cid'; contentId: string }
  | { kind: 'remote'; url: string }
  | { kind: 'data'; url: string }
  | { kind: 'none' }

/**
 * The absolute http, https, mailto, tel or sms address of a link; null for anything else, relative addresses included. A scheme that
 * was left out is added: `www.example.com`, `//example.com`, `ann@example.com`.
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

/** What a link is said to lead to: the host as it is resolved (punycode shown), or the address of a mailto. */
export function linkLabel(target: string): string {
  const url = new URL(target)
  return url.host === ''
    ? shownAddress(decoded(url.pathname)).slice(0, 200)
    : `${url.host}${url.pathname === '/' ? '' : url.pathname}`.slice(0, 200)
}

/** Tells what kind of picture an address asks for. Data addresses only of raster types; svg never. */
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
  return text.length > longest ? null : URL.parse(text)
}
