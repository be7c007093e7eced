import { linkLabel, linkTarget } from './link-target.ts'

export { MAX_LINK } from './link-target.ts'

/** A link in a text: its position, where it leads, and the label that shows that. */
export type TextLink = { start: number; end: number; target: string; label: string }

/**
 * Characters that end a link: white space, quotes, angle brackets, invisible characters, and the brackets and punctuation of Chinese
 * and Japanese, which follow a URL without a space.
 */
const END = String.raw`\s\p{Bidi_Control}\u00AD\u200B\u2060<>"\u2018-\u201F\u2025\u2026\u3001\u3002\u3008-\u3011\u3014-\u301B\uFF01\uFF08\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF3B\uFF3D\uFF5B\uFF5D\uFF5F-\uFF64`
/** Scripts whose words stand directly before and after a link: they have no spaces, or particles as Korean has. */
const ATTACHED = String.raw`\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`
/** A character that is part of the same word as the one beside it; not what makes a sign an emoji. */
const LETTER = String.raw`(?![${ATTACHED}\uFE0F\u20E3])[\p{L}\p{M}\p{Nd}_]`
/** The start of the next URL in a list, as in `a,https://b` and `[https://a](https://b)`. */
const NEXT = String.raw`[',;)\]}]{1,3}[([{]{0,3}https?:\/\/`
/** What is not part of a path: an apostrophe may be, unless it looks like the end of a quotation. */
const NO_PATH = String.raw`${NEXT}|'(?!${LETTER}|[%/&=)])`
const WEB = String.raw`(?:https?:\/\/|(?<!${LETTER}|[.@/-])www\.(?=[\p{L}\p{N}]))(?:(?!${NEXT})[^${END}'/?#])*(?:[/?#](?:(?!${NO_PATH})[^${END}])*)?`
/**
 * What a local part may begin with, and what else it may have: what RFC 5322 §3.2.3 allows, but no brackets, no signs of emphasis, and
 * none of `/`, `|` and `?`, which are rather between two addresses.
 */
const START = String.raw`\w.+%-`
const INNER = String.raw`!#$&'^`
/** An equals sign in an address, as in `bounces+ann=example.org@list.example`, not the one of `mailbox=ann@example.com`. */
const EQUALS = String.raw`(?<!(?<![=${START}])\w{1,32})=`
/** What an address goes on with: then its beginning is another address. */
const MORE = String.raw`"?@|-|\.?(?!_)${LETTER}`
/** Bounded, and only a whole address: its end is another address, and long words would take quadratic time. */
const MAIL = String.raw`[${START}](?<!(?:(?:${LETTER}|[.+%-])[${INNER}’@]*|${EQUALS})[${START}])[${INNER}${START}]{0,63}@[a-z\d][a-z\d-]{0,62}(?:\.[a-z\d-]{1,63}){1,8}(?!${MORE})`
const LINK = new RegExp(`(${WEB})|${MAIL}`, 'giu')

/** Punctuation that is not part of a link at its end. */
const TRAILING = `.,;:!?([{'`
/** Characters that people put around a word for emphasis. */
const AROUND = '*_~|`'
const OPENING = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

/** Further links stay plain text, to limit the time. */
const MAX_LINKS = 10_000

/** Finds URLs and mail addresses in a text, in order and in linear time. */
export function* findLinks(text: string): Generator<TextLink> {
  let left = MAX_LINKS
  for (const { 0: found, 1: url, index } of text.matchAll(LINK)) {
    if (left === 0) return
    left -= 1
    const before = text.charAt(index - 1)
    const unquoted = url !== undefined && before === "'" ? found.replace(/'.*/su, '') : found
    const written = withoutTrailing(balanced(unquoted), before)
    const target = linkTarget(written)
    if (target !== null) yield { start: index, end: index + written.length, target, label: linkLabel(target) }
  }
}

/** Cuts a link at the first closing bracket without an opening one. */
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

/** A loop from the end: a regular expression would take quadratic time on long runs of dots. */
function withoutTrailing(address: string, before: string): string {
  const signs = before !== '' && AROUND.includes(before) ? `${TRAILING}${before}` : TRAILING
  let end = address.length
  while (end > 0 && signs.includes(address.charAt(end - 1))) end -= 1
  return address.slice(0, end)
}
