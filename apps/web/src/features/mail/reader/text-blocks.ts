import { createSoftBreaks } from '@mairust/api/soft-breaks'

/** A link, or text between links. */
export type TextPiece = { kind: 'plain'; text: string } | { kind: 'link'; text: string; target: string; label: string }

/** The same in parts between which a line may break. */
export type BrokenPiece = TextPiece & { parts: string[] }

/** What a browser lays out at one time. */
export type TextBlock = {
  pieces: BrokenPiece[]
  /** About how many lines it takes on a screen. */
  rows: number
}

/**
 * The most UTF-16 units that are laid out at one time. Browsers may need the square of it: 80,000 right-to-left letters and digits by
 * turns take Chromium 3.5 seconds in one block, line feeds or not.
 */
export const BLOCK = 4000
/** Letters in a line of the reading pane. */
const ROW = 80
/** Where a line without spaces is divided first: after white space, or punctuation that stands for it. */
const GAP = /[ \t\u3000\u3002\u3001\u1680\u2000-\u2006\u2008-\u200B\u2028\u2029\u205F]/
/** What belongs to the character before it: marks, joiners, skin tones and second halves. */
const JOINED = /^[\p{M}\p{Emoji_Modifier}\u200D\uDC00-\uDFFF]/u
/** The longest character that is kept together. */
const CHARACTER = 40

/** The end of the line that begins at `start`, with its line feed; of a line longer than `BLOCK` that of a part. */
export function lineEnd(text: string, start: number): number {
  const part = text.slice(start, start + BLOCK)
  const feed = part.indexOf('\n')
  if (feed !== -1) return start + feed + 1
  return text.length - start <= BLOCK ? text.length : start + partLength(part)
}

/** How much of a part of a line to take, so that it ends between words, or at least between characters. */
function partLength(part: string): number {
  for (let at = part.length; at > 1; at -= 1) if (GAP.test(part.charAt(at - 1))) return at
  for (let at = part.length - 2; at > part.length - CHARACTER; at -= 1) {
    if (!JOINED.test(part.slice(at, at + 2)) && part.charAt(at - 1) !== '\u200D') return at
  }
  return part.length - (/[\uD800-\uDBFF]$/.test(part) ? 1 : 0)
}

/** The end of the block that begins at `start`: as many whole lines as it may have, or a part of a longer line. */
function blockEnd(text: string, start: number, inLine: boolean): number {
  if (inLine) return lineEnd(text, start)
  if (text.length - start <= BLOCK) return text.length
  const feed = text.lastIndexOf('\n', start + BLOCK - 1)
  return feed < start ? lineEnd(text, start) : feed + 1
}

const plain = (text: string): TextPiece[] => [{ kind: 'plain', text }]

/**
 * Divides text of any length, made by anyone, into blocks of bounded size: of several lines each, or for a longer line a paragraph of
 * several blocks. Nothing is lost: a line feed is in the block that it ends. `split` finds the links.
 */
export function paragraphsOf(text: string, split: (text: string) => TextPiece[] = plain): TextBlock[][] {
  const left = split(text)
  const paragraphs: TextBlock[][] = []
  let inLine = false
  for (let start = 0; start < text.length;) {
    const taken = take(left, blockEnd(text, start, inLine) - start)
    const end = taken.reduce((at, piece) => at + piece.text.length, start)
    const divide = createSoftBreaks()
    const pieces = taken.map((piece) => ({ ...piece, parts: divide(piece.text) }))
    const block = { pieces, rows: rowsIn(text.slice(start, end)) }
    if (inLine) paragraphs.at(-1)?.push(block)
    else paragraphs.push([block])
    inLine = text.charAt(end - 1) !== '\n'
    start = end
  }
  return paragraphs
}

/**
 * Takes so many UTF-16 units from the front of the pieces, or fewer, so that links stay whole. Of one that is longer than that, only
 * the beginning is a link: the rest, at the beginning of a block, could look like another address.
 */
function take(left: TextPiece[], length: number): TextPiece[] {
  const taken: TextPiece[] = []
  for (let missing = length; missing > 0;) {
    const piece = left.shift()
    if (piece === undefined) break
    const text = piece.text.slice(0, missing)
    const rest = piece.text.slice(missing)
    if (rest !== '' && piece.kind === 'link' && taken.length > 0) {
      left.unshift(piece)
      break
    }
    taken.push({ ...piece, text })
    if (rest !== '') left.unshift({ kind: 'plain', text: rest })
    missing -= text.length
  }
  return taken
}

/** About how many lines several blocks take together. */
export const rowsOf = (blocks: readonly TextBlock[]): number => blocks.reduce((sum, { rows }) => sum + rows, 0)

/** About how many lines a text takes on a screen. */
export function rowsIn(text: string): number {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / ROW)), 0)
}
