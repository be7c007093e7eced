import { type ParamEntry, splitParams } from '@mairust/mail-core/smtp'

/** A MAIL or RCPT line split into its parts, not yet validated. */
export interface PathCommand {
  /** With its angle brackets. */
  readonly path: string
  /** null when a value has invalid xtext. */
  readonly params: readonly ParamEntry[] | null
}

/** `<` … `>`; a quoted local part may contain blanks and brackets (RFC 5321 §4.1.2). */
const PATH_LINE = /^(?:MAIL FROM|RCPT TO):[ \t]*(<(?:"(?:[^"\\]|\\.)*")?[^<>"\s]*>)(?:[ \t]+(\S.*))?$/i
const BASE64 = /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i

/**
 * Splits `MAIL FROM:<path> KEY=value …` and `RCPT TO:<path> …` (RFC 5321 §4.1.1.2, §4.1.1.3).
 * @returns null when the line is neither. Bytes that are not UTF-8 become U+FFFD, which no address may contain.
 */
export function parsePathCommand(line: Buffer): PathCommand | null {
  const match = PATH_LINE.exec(line.toString('utf8').trimEnd())
  if (match === null) return null
  return { path: match[1] ?? '', params: splitParams((match[2] ?? '').replaceAll('\t', ' ')) }
}

/** Whether an AUTH response is base64, or the `*` that cancels the exchange (RFC 4954 §4). */
export function isAuthResponse(text: string): boolean {
  return text === '*' || text === '=' || BASE64.test(text)
}
