/** Characters that open or close a directional scope (UAX #9 §2): left open, it reorders the surrounding text. */
const SCOPES = /[\u202A-\u202E\u2066-\u2069]/g
/** Invisible format characters: all but direction marks, joiners and the signs that Arabic draws. */
const INVISIBLE = /[^\P{Cf}\u061C\u200C-\u200F\u0600-\u0605\u06DD\u0890\u0891\u08E2\u{E0020}-\u{E007F}]/gu
/** Joiners shape Persian and Indic words and build emoji; elsewhere they only pad. */
const IDLE_JOINERS =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}])[\u200C\u200D]+|[\u200C\u200D]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu
/** They affect only their neighbours, and bidirectional text needs them (UTS #55 §3.1.1); names do not. */
const MARKS = /[\u061C\u200E\u200F]/g
const NO_SPACE = /[\p{Cc}\p{Zl}\p{Zp}]/gu
const SPACE = /[\p{Cc}\s]+/gu
/** Text that shows nothing. */
const BLANK = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/**
 * One line of text from mail or users, safe to show: white space collapsed, without control characters, characters that override,
 * embed or isolate direction, and invisible characters. Empty when nothing would be visible.
 */
export function shownText(text: string): string {
  const line = text.toWellFormed().replaceAll(SPACE, ' ').replaceAll(INVISIBLE, '').replaceAll(IDLE_JOINERS, '')
  return BLANK.test(line) ? '' : line.replaceAll(/ {2,}/g, ' ').trim()
}

/** Like `shownText`, for text that people compare by eye, such as file names: without direction marks too. */
export function shownName(text: string): string {
  return shownText(text.replaceAll(MARKS, ''))
}

/** An address, safe to show: every visible character that an address may contain (RFC 6532 §3.2). */
export function shownAddress(text: string): string {
  return text.replaceAll(MARKS, '').replaceAll(NO_SPACE, '').replaceAll(INVISIBLE, '').replaceAll(IDLE_JOINERS, '')
}

/** Removes the characters that override, embed or isolate direction, and nothing else. */
export function withoutScopes(text: string): string {
  return text.replaceAll(SCOPES, '')
}
