import { contentIdOf } from '@mairust/mail-core/message'

const SAFE_DATA = /^data:image\/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]+$/i
/** Longest address that is followed; longer ones are not made for people. */
const MAX_URL = 4096

/** What an `img` points to. */
export type ImageSource =
  | { kind: 'cid'; contentId: string }
  | { kind: 'remote'; url: string }
  | { kind: 'data'; url: string }
  | { kind: 'none' }

/** The absolute http, https or mailto address of a link; null for anything else, relative addresses included. */
export function linkTarget(href: string): string | null {
  const url = parse(href)
  if (url === null || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null
  return url.href
}

/** What a link is said to lead to: the host as it is resolved (punycode shown), or the address of a mailto. */
export function linkLabel(target: string): string {
  const url = new URL(target)
  return url.protocol === 'mailto:'
    ? url.pathname
    : `${url.host}${url.pathname === '/' ? '' : url.pathname}`.slice(0, 200)
}

/** Tells what kind of picture an `img` asks for. Data addresses only of raster types; svg never. */
export function imageSource(src: string): ImageSource {
  const text = src.trim()
  const contentId = contentIdOf(text)
  if (contentId !== null) return { kind: 'cid', contentId }
  if (SAFE_DATA.test(text)) return { kind: 'data', url: text.replace(/\s+/g, '') }
  const url = parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { kind: 'none' }
  return url.username === '' && url.password === '' ? { kind: 'remote', url: url.href } : { kind: 'none' }
}

function parse(text: string): URL | null {
  return text.length > MAX_URL ? null : URL.parse(text)
}
