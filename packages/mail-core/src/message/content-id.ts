import { tokenizeHtml } from './tokenize-html.ts'

/** Most characters of HTML that are shown as HTML; of longer ones the text is shown, without pictures. */
export const MAX_SHOWN_HTML = 1024 * 1024
/** Most references read; a message has no more parts. */
const MAX_REFERENCES = 2000

/** Elements that are shown to nobody, and what is in them neither. */
const DROPPED = new Set(
  'script style textarea option xmp title noscript noembed noframes iframe template svg math plaintext'.split(' '),
)
const STYLE_ADDRESS = /url\(\s*(?:["']\s*)?(cid:[^"')]{1,998})/gi

/** The Content-ID that a `cid:` address means (RFC 2392), or null for another address. */
export function contentIdOf(address: string): string | null {
  const text = address.trim()
  if (!/^cid:/i.test(text)) return null
  const bare = text.slice(4).replaceAll(/^<|>$|\s/g, '')
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}

/** The `cid:` addresses in a `style`. */
export function styleAddresses(style: string): string[] {
  return [...style.matchAll(STYLE_ADDRESS)].map((match) => match[1] ?? '')
}

/**
 * The Content-IDs of the parts that HTML shows as pictures: by `img`, by `background`, or by a style. A link to a part, or its
 * address in the text, does not show it. Linear; none for HTML that is too long to be shown.
 */
export function shownContentIds(html: string | null): Set<string> {
  const found = new Set<string>()
  if (html === null || html.length > MAX_SHOWN_HTML || !/cid:/i.test(html)) return found
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
