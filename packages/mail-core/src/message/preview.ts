import { htmlToText } from './html-to-text.ts'
import { shownText } from '../shown-text.ts'

/** Most characters of a preview. */
const MAX_PREVIEW = 200
/** Text examined for a preview: enough for 200 characters after long quotes. */
const LOOK_AT = 20_000
/** Nearly always enough. */
const LOOK_AT_FIRST = 600

/** What precedes text signed with PGP (RFC 9580 §7). */
const SIGNED = /^\s*-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[A-Za-z-]{1,40}: ?[^\n]{0,200}\n){0,5}/

// Marketing mail pads its preview with blank characters.
const PADDING = /[\u034F\u2800\u3164\uFFA0]/g

/**
 * The beginning of a message, at most 200 characters: from the text, or from the HTML when there is none, without quoted lines,
 * white space collapsed.
 */
export function makePreview(text: string | null, html: string | null): string {
  const fromText = text === null ? '' : unquotedText(text.replace(SIGNED, ''))
  const source = fromText === '' && html !== null ? collapse(htmlToText(html).slice(0, LOOK_AT)) : fromText
  // For mail with nothing but quotes, a quote is a better preview than none.
  return cut(source === '' && text !== null ? collapse(text.slice(0, LOOK_AT)) : source)
}

/** Strips quotes and surplus space from as much of the beginning as a preview needs. */
function unquotedText(text: string): string {
  const first = collapse(withoutQuotes(text.slice(0, LOOK_AT_FIRST)))
  const isEnough = first.length > MAX_PREVIEW || text.length <= LOOK_AT_FIRST
  return isEnough ? first : collapse(withoutQuotes(text.slice(0, LOOK_AT)))
}

function withoutQuotes(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
}

function collapse(text: string): string {
  return shownText(text.replaceAll(PADDING, ''))
}

/** Cuts at a word end if one is near, never inside a character. */
function cut(text: string): string {
  if (text.length <= MAX_PREVIEW) return text.toWellFormed()
  const head = text.slice(0, MAX_PREVIEW - 1)
  const space = head.lastIndexOf(' ')
  return `${(space > MAX_PREVIEW - 30 ? head.slice(0, space) : head.replace(/[\uD800-\uDBFF]$/, '')).trimEnd()}…`.toWellFormed()
}
