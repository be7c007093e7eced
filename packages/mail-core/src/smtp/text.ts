/** Control characters, line separators, direction overrides, invisible characters and lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/gu

/**
 * Makes a string from the network safe for a log line or a page: invisible characters become `\u{hex}`, a backslash `\\`; longer
 * text is cut at `max` characters and ends in `…`.
 */
export function escapeRemote(text: string, max = 200): string {
  const escaped = cut(text, max).replace(UNSAFE, (character) =>
    character === '\\' ? '\\\\' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return text.length > max || escaped.length > max ? `${cut(escaped, max - 1)}…` : escaped
}

/**
 * One line of Unicode text for a header field or a page: control characters and line ends become a space, cut at `max` characters.
 */
export function oneLine(text: string, max = 998): string {
  return cut(text, max)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
}

/** One line of printable ASCII for an SMTP reply (RFC 5321 §4.2 textstring): anything else becomes `?` or a space. */
export function asciiLine(text: string, max = 200): string {
  return oneLine(text, max).replace(/[^\x20-\x7e]/gu, '?')
}

/** Cuts without splitting a surrogate pair. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? max - 1 : max)
}
