const LF = 10
const CR = 13
/** Longest line examined. */
const MAX_LINE = 1000

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'

/** A complete date: no sentence looks like this by chance. */
const WHOLE = new RegExp(
  String.raw`^From (?=.*\b${DAY},? +(?:${MONTH} +\d{1,2}|\d{1,2} +${MONTH})\b)(?=.*\b\d\d?:\d\d)(?=.*\b\d{4}\b)`,
)
/** What sloppy writers leave: no date, only an address, or a date in their own format. */
const POOR = new RegExp(
  String.raw`^From *-?$|^From [^\s@]+@[^\s@]+$|^From (?=.*\b\d\d?:\d\d)(?=.*(?:\b\d{4}\b|\b${MONTH}\b))`,
)
const FIELD = /^(?:[\x21-\x39\x3b-\x7e]+[ \t]*:|>From )/

/** The line at `at` without its ending; null when more bytes may belong to it. */
function lineAt(bytes: Buffer, at: number, isEnd: boolean): { text: string; next: number } | null {
  const lf = bytes.indexOf(LF, at)
  if (lf === -1 && !isEnd && bytes.length - at < MAX_LINE) return null
  const end = lf === -1 ? bytes.length : lf
  return {
    text: bytes.toString('latin1', at, Math.min(end, at + MAX_LINE)).trimEnd(),
    next: Math.min(end + 1, bytes.length),
  }
}

/** Whether the line before `at` is empty. */
const followsEmptyLine = (bytes: Buffer, at: number): boolean =>
  bytes[at - 1] === LF && (bytes[at - 2] === LF || (bytes[at - 2] === CR && bytes[at - 3] === LF))

/**
 * Whether the `From ` line at `at` separates two messages. Writers disagree on its format, and some do not quote such lines in
 * bodies, so a header must follow, unless the date is complete and an empty line precedes it.
 * @param isEnd whether `bytes` reach the end of the file
 * @returns null when more bytes are needed
 */
export function isSeparator(bytes: Buffer, at: number, isEnd: boolean): boolean | null {
  const line = lineAt(bytes, at, isEnd)
  if (line === null) return null
  const isWhole = WHOLE.test(line.text)
  const isAfterEmpty = followsEmptyLine(bytes, at)
  if (!isWhole && !(isAfterEmpty && POOR.test(line.text))) return false
  if (line.next === bytes.length) return isEnd ? isAfterEmpty : null
  const following = lineAt(bytes, line.next, isEnd)
  if (following === null) return null
  if (FIELD.test(following.text)) return true
  return isWhole && isAfterEmpty && (following.text === '' || WHOLE.test(following.text))
}
