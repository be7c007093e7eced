const LF = 10
const CR = 13
/** Longest line that is looked at. */
const MAX_LINE = 1000

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'

/** A whole date: no sentence looks like this by chance. */
const WHOLE = new RegExp(
  String.raw`^From (?=.*\b${DAY},? +(?:${MONTH} +\d{1,2}|\d{1,2} +${MONTH})\b)(?=.*\b\d\d?:\d\d)(?=.*\b\d{4}\b)`,
)
/** What poorer writers leave: no date at all, an address alone, or a date in a form of their own. */
const POOR = new RegExp(
  String.raw`^From *-?$|^From [^\s@]+@[^\s@]+$|^From (?=.*\b\d\d?:\d\d)(?=.*(?:\b\d{4}\b|\b${MONTH}\b))`,
)
const FIELD = /^(?:[\x21-\x39\x3b-\x7e]+[ \t]*:|>From )/

/** A line from `at` on without its end; null when more bytes may belong to it. */
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
 * Whether a `From ` line that begins at `at` separates two messages. Writers do not agree on its form, and some do not quote such
 * lines in the text: so what follows must be a header too, unless the date is whole and an empty line stands before.
 * @param isEnd whether the file ends where the bytes do
 * @returns null when the bytes do not suffice to tell
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
