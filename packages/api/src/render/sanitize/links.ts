import { linkTarget } from './urls.ts'

/** An address in a text, and where it leads. */
export type TextLink = { start: number; end: number; target: string }

/**
 * What ends an address: white space, quotes, angle brackets, characters that nobody sees, and the brackets and punctuation of
 * Chinese and Japanese, which follow an address without a space.
 */
const END = String.raw`\s\p{Bidi_Control}\u00AD\u200B\u2060<>"'\u2018-\u201F\u2025\u2026\u3001\u3002\u3008-\u3011\u3014-\u301B\uFF01\uFF08\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF3B\uFF3D\uFF5B\uFF5D\uFF5F-\uFF64`
/** Where a list goes on with another address, as in `a,https://b` and `[https://a](https://b)`. */
const NEXT = String.raw`[,;)\]}]{1,3}[([{]{0,3}https?:\/\/`
const WEB = String.raw`(?:https?:\/\/|(?<![\w.@/-])www\.(?=[\p{L}\p{N}]))(?:(?!${NEXT})[^${END}])+`
/** Bounded, and only from the beginning of a word on: otherwise long words take quadratic time. */
const MAIL = String.raw`(?<![\w.+%-])[\w.+%-]{1,64}@[a-z\d][a-z\d-]{0,62}(?:\.[a-z\d-]{1,63}){1,8}`
const LINK = new RegExp(`${WEB}|${MAIL}`, 'giu')

/** Punctuation that ends an address rather than belonging to it. */
const TRAILING = '.,;:!?([{'
/** Signs that people put on both sides of a word. */
const AROUND = '*_~|`'
const OPENING = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

/** More links than anybody follows would only take time. */
const MAX_LINKS = 10_000

/** The web and mail addresses in a text, in order. Linear. */
export function* findLinks(text: string): Generator<TextLink> {
  let left = MAX_LINKS
  for (const { 0: found, index } of text.matchAll(LINK)) {
    if (left === 0) return
    left -= 1
    const written = withoutTrailing(balanced(found), text.charAt(index - 1))
    const target = linkTarget(written)
    if (target !== null) yield { start: index, end: index + written.length, target }
  }
}

/** Cut at the first bracket that closes none of its own. */
function balanced(address: string): string {
  const open: string[] = []
  for (let at = 0; at < address.length; at += 1) {
    const character = address.charAt(at)
    const opening = OPENING.get(character)
    if ('([{'.includes(character)) open.push(character)
    else if (opening !== undefined && open.pop() !== opening) return address.slice(0, at)
  }
  return address
}

/** In one pass from the end: a pattern that looks for the end of each run of dots takes quadratic time. */
function withoutTrailing(address: string, before: string): string {
  const signs = before !== '' && AROUND.includes(before) ? `${TRAILING}${before}` : TRAILING
  let end = address.length
  while (end > 0 && signs.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}
