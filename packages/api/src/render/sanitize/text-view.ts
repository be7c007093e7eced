import { linkLabel, linkTarget } from './urls.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const LINK = /https?:\/\/[^\s\p{Bidi_Control}<>"'()]+/gu
/** Closing punctuation, which ends an address rather than belonging to it. */
const TRAILING = '.,;:!?'

/** Text as it stands in HTML, in an element as well as in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** Plain text as HTML: everything escaped, http and https addresses made into links. */
export function textToHtml(text: string): string {
  let html = ''
  let done = 0
  for (const match of text.matchAll(LINK)) {
    const written = withoutTrailing(match[0])
    const target = linkTarget(written)
    if (target === null) continue
    html += escapeHtml(text.slice(done, match.index))
    html += `<a href="${escapeHtml(target)}" title="${escapeHtml(linkLabel(target))}" rel="noopener noreferrer nofollow ugc" target="_blank" dir="ltr">${escapeHtml(written)}</a>`
    done = match.index + written.length
  }
  return `<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext">${html}${escapeHtml(text.slice(done))}</div>`
}

/** In one pass from the end: a pattern that looks for the end of each run of dots takes quadratic time. */
function withoutTrailing(address: string): string {
  let end = address.length
  while (end > 0 && TRAILING.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}
