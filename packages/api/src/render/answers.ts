import { Readable } from 'node:stream'
import { shownName } from '@mairust/mail-core/shown-text'

/** Header fields for content from other people: it cannot run scripts, load anything, or be sniffed as another type. */
const SANDBOXED = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** A short refusal in plain text. */
export function plainAnswer(status: number, text: string, retryAfter?: number): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      ...SANDBOXED,
      ...retryAfterHeader(retryAfter),
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    },
  })
}

/** A Retry-After field, if the number of seconds is known. */
export function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) }
}

/** An image for the frame of a message, whose opaque origin needs the cross-origin resource policy. */
export function imageAnswer(content: Readable, image: { type: string; size: number; cacheControl: string }): Response {
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      ...SANDBOXED,
      'Content-Type': image.type,
      'Content-Length': String(image.size),
      'Cache-Control': image.cacheControl,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  })
}

/** A file to save, or to show if it is `inline`, which is only for images whose type has been checked. */
export function fileAnswer(
  content: Readable,
  file: { name: string; type: string; size: number; inline?: boolean | undefined },
): Response {
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      ...SANDBOXED,
      'Content-Type': file.type,
      'Content-Length': String(file.size),
      'Content-Disposition': contentDisposition(file.inline === true ? 'inline' : 'attachment', file.name),
      'Cache-Control': 'private, no-store',
    },
  })
}

/** A Content-Disposition with a safe name, in ASCII and, if that loses something, in UTF-8 (RFC 6266 §4.3, RFC 8187). */
export function contentDisposition(type: 'attachment' | 'inline', given: string): string {
  const name = shownName(given)
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const plain = `${type}; filename="${ascii}"`
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeExtended(name)}`
}

/** RFC 8187 §3.2.1: also encodes the characters outside attr-char that `encodeURIComponent` leaves alone. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Types that a browser would execute or apply as styles; they may only be saved. */
const ACTIVE =
  /^(?:text\/(?:html|xml|xsl|css|javascript)|image\/svg|application\/(?:xhtml|xml|javascript|ecmascript)|.*\+xml)/

/** The type to send an attachment with: its own, unless that is active or invalid. */
export function safeType(contentType: string): string {
  const type = contentType.toLowerCase()
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) && !ACTIVE.test(type) ? type : 'application/octet-stream'
}
