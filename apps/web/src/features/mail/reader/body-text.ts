export type TextBlock = { kind: 'text' | 'quote'; text: string }
export type TextPiece = { kind: 'plain' | 'link'; text: string }

const QUOTED = /^ ?>/
const MINIMUM_FOLD = 3

/** Splits a plain text into text and quotes. Quotes of one or two lines stay in the text. */
export function splitQuotes(text: string): TextBlock[] {
  const blocks: TextBlock[] = []
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
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

// Closing punctuation, including Japanese, ends a URL, and bidi controls are never part of one.
const LINK = /\bhttps?:\/\/[^\s\p{Bidi_Control}<>"'、。」』）】]+/gu
const TRAILING = '.,;:!?)]}'

/** Finds the web links in a text. */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailing(match[0])
    if (match.index > end) pieces.push({ kind: 'plain', text: text.slice(end, match.index) })
    pieces.push({ kind: 'link', text: link })
    end = match.index + link.length
  }
  if (end < text.length) pieces.push({ kind: 'plain', text: text.slice(end) })
  return pieces
}

/** A loop from the end: a regular expression would take quadratic time on long runs of dots. */
function withoutTrailing(address: string): string {
  let end = address.length
  while (end > 0 && TRAILING.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}
