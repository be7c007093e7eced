import { shownName } from '../shown-text.ts'
import type { StructuredValue } from './params.ts'

/** Most characters shown of a name. */
const MAX_NAME = 200

/** Extensions for parts without a name. */
const EXTENSIONS = new Map([
  ['message/rfc822', 'eml'],
  ['message/global', 'eml'],
  ['message/news', 'eml'],
  ['text/html', 'html'],
  ['text/calendar', 'ics'],
  ['text/csv', 'csv'],
  ['application/pdf', 'pdf'],
  ['application/pgp-signature', 'asc'],
  ['application/pkcs7-signature', 'p7s'],
  ['application/zip', 'zip'],
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
])

/** Types that any program for text shows, such as reports about delivery. */
const READABLE = /^(?:text|message)\//

/** Types of whole messages (RFC 2046 §5.2.1, RFC 6532 §3.7, RFC 5537 §4.1). */
export const MESSAGE = /^message\/(?:rfc822|global|news)$/

const UTF8_ESCAPED = /%[c-f][\da-f]%[89ab][\da-f]/i

/** The name that a part's header gives, or ''. */
export function nameOf(part: { disposition: StructuredValue; contentType: StructuredValue }): string {
  const { disposition, contentType } = part
  const names = [disposition, contentType].flatMap(({ params }) => [params.get('filename'), params.get('name')])
  return withoutEscapes(names.find((name) => name) ?? '')
}

/** Web programs escape names like URLs, which no one wants to read. */
function withoutEscapes(name: string): string {
  if (!UTF8_ESCAPED.test(name)) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * An attachment's name for display, never a path: path separators become `_`, characters that disguise `exe.fdp` as `pdf.exe` are
 * removed (`shownName`), and so are leading dots. A missing name is made from position and type.
 */
export function displayName(name: string, contentType: string, index: number): string {
  const clean = shownName(name.replaceAll(/[\\/]/g, '_').replaceAll('\uFFFD', '')).replace(/^\.+/, '')
  if (clean === '')
    return `attachment-${index + 1}.${EXTENSIONS.get(contentType) ?? (READABLE.test(contentType) ? 'txt' : 'bin')}`
  return shorten(clean)
}

/** Cuts out the middle, since readers need the extension. */
function shorten(name: string): string {
  if (name.length <= MAX_NAME) return name
  return `${name.slice(0, MAX_NAME - 25)}…${name.slice(-24)}`.toWellFormed()
}
