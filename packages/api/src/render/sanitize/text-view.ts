import { findLinks } from './links.ts'
import { linkLabel } from './urls.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it stands in HTML, in an element as well as in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** Plain text as HTML: everything escaped, web and mail addresses made into links. */
export function textToHtml(text: string): string {
  let html = ''
  let done = 0
  for (const { start, end, target } of findLinks(text)) {
    html += escapeHtml(text.slice(done, start))
    html += `<a href="${escapeHtml(target)}" title="${escapeHtml(linkLabel(target))}" rel="noopener noreferrer nofollow ugc" target="_blank" dir="ltr">${escapeHtml(text.slice(start, end))}</a>`
    done = end
  }
  return `<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext">${html}${escapeHtml(text.slice(done))}</div>`
}
