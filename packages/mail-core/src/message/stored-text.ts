import { createHash } from 'node:crypto'

/** Most characters stored of a text from mail. */
export const MAX_STORED_TEXT = 998
/** Most characters of an address: 64 + @ + 255 (RFC 5321 §4.5.3.1). */
export const MAX_STORED_ADDRESS = 320
/** Longest Message-ID that is indexed as it is. */
const MAX_MESSAGE_ID = 255

/**
 * Makes text from mail safe for both databases: NUL and lone surrogates become U+FFFD, and it is cut at `max` UTF-16 units (998 by
 * default) without splitting a character.
 */
export function toStoredText(text: string, max: number = MAX_STORED_TEXT): string {
  const cut = text.length > max ? text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '') : text
  return cut.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** The indexed form of a Message-ID: itself, or its hex SHA-256 when it is over 255 characters. */
export function toStoredMessageId(id: string): string {
  const text = id.replaceAll('\0', '\uFFFD').toWellFormed()
  return text.length > MAX_MESSAGE_ID ? createHash('sha256').update(text).digest('hex') : text
}
