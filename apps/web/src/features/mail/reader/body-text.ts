import { findLinks, MAX_LINK } from '@mairust/api/links'

import { lineEnd, type TextPiece } from './text-blocks.ts'

export type TextBlock = { kind: 'text' | 'quote'; text: string }

const QUOTED = /^ ?>/
const MINIMUM_FOLD = 3

/** Splits a plain text into text and quotes. Quotes of one or two lines stay in the text. */
export function splitQuotes(text: string): TextBlock[] {
  const blocks: TextBlock[] = []
  for (const line of text.split('\n')) {
    const kind = QUOTED.test(line) ? 'quote' : 'text'
    const last = blocks.at(-1)
    if (last?.kind === kind) last.text += `\n${line}`
    else blocks.push({ kind, text: line })
  }
  return joinText(
    blocks.map((block) =>
      block.kind === 'quote' && block.text.split('\n').length < MINIMUM_FOLD
        ? { ...block, kind: 'text' as const }
        : block,
    ),
  )
}

function joinText(blocks: readonly TextBlock[]): TextBlock[] {
  return blocks.reduce<TextBlock[]>((joined, block) => {
    const last = joined.at(-1)
    if (last?.kind === 'text' && block.kind === 'text') last.text += `\n${block.text}`
    else joined.push({ ...block })
    return joined
  }, [])
}

/** Splits a text into links, as everywhere where text of mail is shown, and what is between them. */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let done = 0
  for (const { start, end, target, label } of findLinks(text)) {
    if (start > done) pieces.push({ kind: 'plain', text: text.slice(done, start) })
    pieces.push({ kind: 'link', text: text.slice(start, end), target, label })
    done = end
  }
  if (done < text.length) pieces.push({ kind: 'plain', text: text.slice(done) })
  return pieces
}

/** What a portion may weigh: a character 1, and what needs elements of its own as many characters as take as long to show. */
const PORTION = 80_000
const LINE = 20
const LINK = 60
const QUOTE = 120
/** Whatever may become a link. */
const LINKS = /:\/\/|www\.|@/gi

/** Where the portion of a text that starts here ends, so that it is shown at once however the text was made, and every link whole. */
export function portionEnd(text: string, start: number): number {
  let weight = 0
  let inQuote = false
  for (let at = start; at < text.length;) {
    const end = lineEnd(text, at)
    const line = text.slice(at, end)
    weight += LINE + line.length + LINK * (line.match(LINKS)?.length ?? 0)
    const isQuote = QUOTED.test(line)
    if (isQuote !== inQuote) weight += QUOTE
    if (weight > PORTION && at > start) return besideLinks(text, start, at)
    inQuote = isQuote
    at = end
  }
  return text.length
}

/** Moves the end of a portion out of a link: before it, or after one that the portion begins with. */
function besideLinks(text: string, start: number, end: number): number {
  if (text.charAt(end - 1) === '\n') return end
  for (const link of findLinks(text.slice(start, end + MAX_LINK))) {
    const first = start + link.start
    // A sign of emphasis or quotation before a link says where the link ends.
    const before = /[\p{P}\p{S}]/u.test(text.charAt(first - 1)) ? first - 1 : first
    if (before >= end) break
    if (start + link.end > end) return before > start ? before : start + link.end
  }
  return end
}

/** The first portions of a text. */
export function portionsOf(text: string, count: number): string[] {
  const portions: string[] = []
  let start = 0
  while (portions.length < count && (start < text.length || portions.length === 0)) {
    const end = portionEnd(text, start)
    portions.push(text.slice(start, end))
    start = end
  }
  return portions
}
