/** What opens or closes a stretch with a direction of its own (UAX #9 §2): left open, it reorders what stands around the text. */
const SCOPES = /[\u202A-\u202E\u2066-\u2069]/g
/** Characters for format that show nothing: all but the marks of direction, the joiners and the signs that Arabic draws. */
const UNSEEN = /[^\P{Cf}\u061C\u200C-\u200F\u0600-\u0605\u06DD\u0890\u0891\u08E2\u{E0020}-\u{E007F}]/gu
/** Joiners shape Persian and Indic words and build emoji; anywhere else they pad. */
const IDLE_JOINERS =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}])[\u200C\u200D]+|[\u200C\u200D]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu
/** They act on their neighbours alone, and text in two directions needs them (UTS #55 §3.1.1); a name does not. */
const MARKS = /[\u061C\u200E\u200F]/g
const NO_SPACE = /[\p{Cc}\p{Zl}\p{Zp}]/gu
const SPACE = /[\p{Cc}\s]+/gu
/** A text of which nothing is drawn. */
const BLANK = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/**
 * One line of text from mail or from people as others may show it: white space collapsed, without controls, without what overrides,
 * embeds or isolates direction, and without invisible characters. Empty when nothing of it would be seen.
 */
export function shownText(text: string): string {
  const line = text.toWellFormed().replaceAll(SPACE, ' ').replaceAll(UNSEEN, '').replaceAll(IDLE_JOINERS, '')
  return BLANK.test(line) ? '' : line.replaceAll(/ {2,}/g, ' ').trim()
}

/** As `shownText`, for what is compared by eye, such as the name of a file: without marks of direction too. */
export function shownName(text: string): string {
  return shownText(text.replaceAll(MARKS, ''))
}

/** An address as others may show it: every character that may stand in one (RFC 6532 §3.2) and is seen. */
export function shownAddress(text: string): string {
  return text.replaceAll(MARKS, '').replaceAll(NO_SPACE, '').replaceAll(UNSEEN, '').replaceAll(IDLE_JOINERS, '')
}

/** A text without what overrides, embeds or isolates direction; everything else in it stays. */
export function withoutScopes(text: string): string {
  return text.replaceAll(SCOPES, '')
}
