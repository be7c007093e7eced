import { findLinks } from './links.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes text for HTML, in elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** Plain text as HTML: escaped, with URLs and mail addresses as links. */
export function textToHtml(text: string): string {
  let html = ''
  let done = 0
  for (const { start, end, target, label } of findLinks(text)) {
    html += escapeHtml(text.slice(done, start))
    html += `<a href="${escapeHtml(target)}" title="${escapeHtml(label)}" rel="noopener noreferrer nofollow ugc" target="_blank" dir="ltr">${escapeHtml(text.slice(start, end))}</a>`
    done = end
  }
  return `<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext">${html}${escapeHtml(text.slice(done))}</div>`
}
