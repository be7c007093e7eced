import { shownStart } from './shown.ts'
import { tokenizeHtml } from './tokenize-html.ts'

/** Elements whose text is not shown. */
const HIDDEN = new Set(['script', 'style', 'title', 'template'])
const BLOCKS = new Set(
  'address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
)
const CELLS = new Set(['td', 'th'])

/**
 * The visible text of HTML, for previews and search: block elements on their own lines, white space collapsed, without script,
 * style and title. Linear for any input; reads only as much HTML as is shown.
 */
export function htmlToText(html: string): string {
  const source = shownStart(html)
  const out: string[] = []
  let hidden: string | null = null
  const space = (name: string) => {
    if (BLOCKS.has(name)) out.push('\n')
    else if (CELLS.has(name)) out.push(' ')
  }
  const nameAt = (start: number, end: number) => source.slice(start, end).toLowerCase()
  tokenizeHtml(source, {
    ontext: (start, end) => {
      if (hidden === null) out.push(source.slice(start, end).replaceAll(/\s+/g, ' '))
    },
    ontextentity: (codepoint) => {
      if (hidden === null) out.push(codepoint === 0xa0 ? ' ' : String.fromCodePoint(codepoint))
    },
    onopentagname: (start, end) => {
      const name = nameAt(start, end)
      if (name === 'body') hidden = null
      else if (hidden === null && HIDDEN.has(name)) hidden = name
      if (hidden === null) space(name)
    },
    onclosetag: (start, end) => {
      const name = nameAt(start, end)
      if (name === hidden) hidden = null
      else if (hidden === null) space(name)
    },
  })
  return tidyLines(out.join(''))
}

/** Trims lines and collapses runs of empty ones. */
function tidyLines(text: string): string {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.replaceAll(/ {2,}/g, ' ').trim()
    if (trimmed !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(trimmed)
  }
  return lines.join('\n').trim()
}

/** Plain text as HTML that looks the same. */
export function textToHtml(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
  return `<div style="white-space:pre-wrap">${escaped}</div>`
}
