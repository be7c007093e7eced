import { isAscii, isUtf8 } from 'node:buffer'
import { splitHeaders } from '../header/index.ts'
import { quotedPrintable } from './encode.ts'
import type { DsnReport } from './types.ts'

/** The third part (RFC 3464 §1, RFC 6533 §5, §6): its header fields, and its content with CRLF line ends. */
export interface Returned {
  readonly header: readonly string[]
  readonly body: Buffer
  readonly isFull: boolean
}

const MAX_FULL = 50_000
const LIMITS = { headerBytes: 32_768, headerFields: 500 }
const CRLF = Buffer.from('\r\n')

/**
 * The message as it comes back: whole if its sender wants that (RET=FULL), it has failed, and it is small and well-formed; else its
 * header, as much of it as has a place.
 */
export function returnedPart(report: DsnReport): Returned {
  const { original, complete, ret, recipients, maxReturnedBytes = MAX_FULL } = report
  // RFC 3461 §4.3: RET is about failures alone.
  const failed = recipients.some(({ action }) => action === 'failed')
  const isFull = ret === 'full' && failed && complete && original.length <= maxReturnedBytes && canTravel(original)
  const header = headerOf(original)
  const kind = isAscii(header) || !isUtf8(header) ? 'message/rfc822' : 'message/global'
  if (isFull) return { header: [`Content-Type: ${kind}`, ...encodingOf(original)], body: original, isFull }
  const type = kind === 'message/global' ? 'message/global-headers' : 'text/rfc822-headers'
  // A list of fields may be encoded, unlike a message: what does not fit the line or the charset is.
  const fits = canTravel(header) && (isAscii(header) || isUtf8(header))
  if (fits) return { header: [`Content-Type: ${type}`, ...encodingOf(header)], body: header, isFull }
  const encoded = Buffer.from(quotedPrintable(header))
  return { header: [`Content-Type: ${type}`, 'Content-Transfer-Encoding: quoted-printable'], body: encoded, isFull }
}

/** Whole fields up to the limit, each with CRLF alone as its line end. */
function headerOf(original: Buffer): Buffer {
  const { fields } = splitHeaders(original, 0, original.length, LIMITS)
  const lines = fields.flatMap(({ raw }) => [
    Buffer.from(raw.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1'),
    CRLF,
  ])
  return Buffer.concat(lines)
}

/** Whether bytes may be sent as they are with 8BITMIME: no NUL, no bare CR or LF, no line over 998 octets (RFC 5321 §4.5.3.1.6). */
function canTravel(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  return !/\0|\r(?!\n)|(?<!\r)\n/.test(text) && text.split('\r\n').every((line) => line.length <= 998)
}

function encodingOf(bytes: Buffer): string[] {
  return isAscii(bytes) ? [] : ['Content-Transfer-Encoding: 8bit']
}
