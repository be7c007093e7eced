import { shownName } from '../shown-text.ts'

/** Most characters shown of a name. */
const MAX_NAME = 200

/** Extensions for parts without a name. */
const EXTENSIONS = new Map([
  ['message/rfc822', 'eml'],
  ['message/delivery-status', 'txt'],
  ['text/plain', 'txt'],
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

/**
 * An attachment's name for display, never a path: path separators become `_`, characters that disguise `exe.fdp` as `pdf.exe` are
 * removed (`shownName`), and so are leading dots. A missing name is made from position and type.
 */
export function displayName(name: string, contentType: string, index: number): string {
  const clean = shownName(name.replaceAll(/[\\/]/g, '_').replaceAll('\uFFFD', '')).replace(/^\.+/, '')
  if (clean === '') return `attachment-${index + 1}.${EXTENSIONS.get(contentType) ?? 'bin'}`
  return shorten(clean)
}

/** Cuts out the middle, since readers need the extension. */
function shorten(name: string): string {
  if (name.length <= MAX_NAME) return name
  return `${name.slice(0, MAX_NAME - 25)}…${name.slice(-24)}`.toWellFormed()
}
