import { createHash } from 'node:crypto'

/** Most characters of a text taken from mail. */
export const MAX_STORED_TEXT = 998
/** Most characters of an address: 64 + @ + 255 (RFC 5321 §4.5.3.1). */
export const MAX_STORED_ADDRESS = 320
/** Longest Message-ID that is indexed as it is. */
const MAX_MESSAGE_ID = 255

/**
 * Makes text from mail fit for both databases: NUL and lone surrogates become U+FFFD, and it is cut at `max` UTF-16
 * units (998 unless told) without splitting a character.
 */
export function toStoredText(text: string, max: number = MAX_STORED_TEXT): string {
  const cut = text.length > max ? text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '') : text
  return cut.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** The form under which a Message-ID is indexed: itself, or the hex SHA-256 of one that is over 255 characters. */
export function toStoredMessageId(id: string): string {
  const text = id.replaceAll('\0', '\uFFFD').toWellFormed()
  return text.length > MAX_MESSAGE_ID ? createHash('sha256').update(text).digest('hex') : text
}
