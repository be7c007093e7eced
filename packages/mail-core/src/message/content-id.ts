import { SHOWN } from './shown.ts'
import { tokenizeHtml } from './tokenize-html.ts'

/** Most references collected; a message has fewer parts. */
const MAX_REFERENCES = 2000

/** Elements that are never shown, nor is their content. */
const DROPPED = new Set(
  'script style textarea option xmp title noscript noembed noframes iframe template svg math plaintext xml'.split(' '),
)
const STYLE_ADDRESS = /url\(\s*(?:["']\s*)?(cid:[^"')]{1,998})/gi

/** The Content-ID of a `cid:` URL (RFC 2392), or null for another URL. */
export function contentIdOf(address: string): string | null {
  const text = address.trim()
  if (!/^cid:/i.test(text)) return null
  return decoded(text.slice(4).replaceAll(/^<|>$/g, ''))
}

/** A Content-ID as `cid:` URLs may mean it: as written, or encoded like the URL, as some programs write it. */
export function meaningsOfContentId(contentId: string): string[] {
  return [...new Set([contentId, decoded(contentId)])]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll(/\s/g, '')
  } catch {
    return text.replaceAll(/\s/g, '')
  }
}

/** The `cid:` URLs in a `style`. */
function styleAddresses(style: string): string[] {
  return [...style.matchAll(STYLE_ADDRESS)].map((match) => match[1] ?? '')
}

/**
 * Content-IDs of the parts that HTML shows as images: by `img`, `background` or a style. A link to a part, or its URL in the text,
 * does not show it. Linear; none for HTML too long to be shown.
 */
export function shownContentIds(html: string | null): Set<string> {
  const found = new Set<string>()
  if (html === null || html.length > SHOWN.characters || !/cid:/i.test(html)) return found
  let hidden: string | null = null
  let tag = ''
  let attribute = ''
  let value = ''
  const add = (address: string) => {
    const contentId = contentIdOf(address)
    if (contentId !== null && found.size < MAX_REFERENCES) found.add(contentId)
  }
  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase()
  tokenizeHtml(html, {
    onopentagname: (start, end) => {
      tag = nameAt(start, end)
      if (hidden === null && DROPPED.has(tag)) hidden = tag
    },
    onclosetag: (start, end) => {
      if (nameAt(start, end) === hidden) hidden = null
    },
    onattribname: (start, end) => {
      attribute = nameAt(start, end)
      value = ''
    },
    onattribdata: (start, end) => {
      value += html.slice(start, end)
    },
    onattribentity: (codepoint) => {
      value += String.fromCodePoint(codepoint)
    },
    onattribend: () => {
      if (hidden !== null) return
      if (attribute === 'background' || (attribute === 'src' && tag === 'img')) add(value)
      else if (attribute === 'style') styleAddresses(value).forEach(add)
    },
  })
  return found
}
