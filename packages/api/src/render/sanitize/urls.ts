import { contentIdOf } from '@mairust/mail-core/message'
import { decoded, parseUrl } from './link-target.ts'

const DATA = /^data:image\/(png|jpe?g|gif|webp)(?:;[\w.-]{1,40}=[\w.-]{1,40}){0,4};base64,([a-z0-9+/=%\s]+)$/i
/** Longer URLs of remote images are dropped: the proxy URL, which contains them, must fit into a request. */
const MAX_IMAGE = 4096

/** What an `img` or a background refers to. */
export type ImageSource =
  | { kind: 'cid'; contentId: string }
  | { kind: 'remote'; url: string }
  | { kind: 'data'; url: string }
  | { kind: 'none' }

/** The kind of image that a URL refers to. Data URLs only with raster types, never SVG. */
export function imageSource(src: string): ImageSource {
  const text = src.trim()
  const contentId = contentIdOf(text)
  if (contentId !== null) return { kind: 'cid', contentId }
  const [, type, content] = DATA.exec(text) ?? []
  if (type !== undefined && content !== undefined) {
    return { kind: 'data', url: `data:image/${type};base64,${decoded(content).replaceAll(/[^a-z0-9+/=]/gi, '')}` }
  }
  const url = parseUrl(text.startsWith('//') ? `https:${text}` : text, MAX_IMAGE)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { kind: 'none' }
  return url.username === '' && url.password === '' ? { kind: 'remote', url: url.href } : { kind: 'none' }
}
