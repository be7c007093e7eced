import type { SearchTokens } from '@mairust/mail-core/message'

export const SEARCH_FIELDS = ['subject', 'sender', 'recipients', 'body'] as const
export const WEIGHTS = { subject: 'A', sender: 'B', recipients: 'C', body: 'D' } as const

/** A tsvector holds positions up to 16383, 256 per word, and one mebibyte; a part stays well below. */
const PART_TOKENS = 12_000
const PART_BYTES = 400_000
const PART_REPEATS = 250
/** Tokens repeated from the part before, so that phrases across the cut are found. */
const OVERLAP = 32
/** Positions skipped between two fields, so that no phrase spans them. */
const GAP = 2

interface Part {
  position: number
  bytes: number
  words: Map<string, string[]>
}
const emptyPart = (): Part => ({ position: 0, bytes: 0, words: new Map() })

/**
 * The tsvectors of a message in text form, with a weight for each field. A long message takes several, which are searched
 * separately.
 */
export function toVectors(tokens: SearchTokens, isToken: (token: string) => boolean): string[] {
  const parts: Part[] = []
  let part = emptyPart()
  for (const field of SEARCH_FIELDS) {
    const words = tokens[field].split(' ').filter(isToken)
    words.forEach((word, at) => {
      if (isFull(part, word)) {
        parts.push(part)
        part = emptyPart()
        for (const before of words.slice(Math.max(0, at - OVERLAP), at)) add(part, before, WEIGHTS[field])
      }
      add(part, word, WEIGHTS[field])
    })
    part.position += GAP
  }
  if (part.words.size > 0) parts.push(part)
  return parts.map(toText)
}

function isFull(part: Part, word: string): boolean {
  if (part.position >= PART_TOKENS || part.bytes >= PART_BYTES) return true
  return (part.words.get(word)?.length ?? 0) >= PART_REPEATS
}

function add(part: Part, word: string, weight: string): void {
  part.position += 1
  part.bytes += Buffer.byteLength(word) + 4
  const positions = part.words.get(word)
  const position = `${part.position}${weight === 'D' ? '' : weight}`
  if (positions === undefined) part.words.set(word, [position])
  else positions.push(position)
}

function toText({ words }: Part): string {
  return [...words].map(([word, positions]) => `'${word}':${positions.join(',')}`).join(' ')
}
