import { Readable } from 'node:stream'
import { shownName } from '@mairust/mail-core/shown-text'

/** What every answer with content of others carries: nothing in it runs, loads, or is taken for something else. */
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

/** What says when it is worth another try, in seconds, where that is known. */
export function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) }
}

/** A picture for a message's frame, whose origin is opaque: hence the resource policy. */
export function imageAnswer(
  content: Readable,
  picture: { type: string; size: number; cacheControl: string },
): Response {
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      ...SANDBOXED,
      'Content-Type': picture.type,
      'Content-Length': String(picture.size),
      'Cache-Control': picture.cacheControl,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    },
  })
}

/** A file to be saved under a name, or, for a picture that `inline` vouches for, to be shown. */
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

/** A Content-Disposition with the name as it may be shown, in plain ASCII and, when that is not all of it, in UTF-8 (RFC 6266 §4.3, RFC 8187). */
export function contentDisposition(type: 'attachment' | 'inline', given: string): string {
  const name = shownName(given)
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const plain = `${type}; filename="${ascii}"`
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeExtended(name)}`
}

/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves alone beyond attr-char is encoded too. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Types that a browser would run or restyle itself with; they are only ever saved. */
const ACTIVE =
  /^(?:text\/(?:html|xml|xsl|css|javascript)|image\/svg|application\/(?:xhtml|xml|javascript|ecmascript)|.*\+xml)/

/** The type under which an attachment is sent: its own, unless that is an active one or no type at all. */
export function safeType(contentType: string): string {
  const type = contentType.toLowerCase()
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) && !ACTIVE.test(type) ? type : 'application/octet-stream'
}
