import { monthOf, plainDate, zoneMinutes } from './date-words.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

const TIME = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2}))?(?:[.,]\d{1,9})?(?:\s?(?<half>[ap])\.?m\b)?`
const MONTH = String.raw`(?<month>\p{L}{3,12})`

/** Date formats found in mail, with named groups. A zone may follow the match. */
const FORMS = [
  // RFC 5322 §3.3 and §4.3: 10 Nov 2026 09:26:24, also 10-Nov-26 and 10. November 2026, 09:26
  String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?\.?[\s-]{0,5}${MONTH}\.?[\s,-]{0,5}(?<year>\d{2,4})(?:[\s,]{1,5}|\s+(?:at|um|à)\s+)${TIME}`,
  // Nov 10 2026 09:26:24, Nov 10, 2026 at 9:26:24 AM
  String.raw`${MONTH}\.?\s{1,5}(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s{1,5}(?<year>\d{4})(?:[\s,]{1,5}|,?\s+at\s+)${TIME}`,
  // asctime: Nov 10 09:26:24 2026, Nov 10 09:26:24 EST 2026
  String.raw`${MONTH}\.?\s{1,5}(?<day>\d{1,2}),?\s{1,5}${TIME}\s{1,5}(?:(?<zone>[A-Za-z]{1,5}|[+-]\d{4})\s{1,5})?(?<year>\d{4})\b`,
  // ISO 8601 and similar: 2026-11-10T09:26:24, 2026/11/10 09:26
  String.raw`(?<year>\d{4})[-/.](?<number>\d{1,2})[-/.](?<day>\d{1,2})(?:T|[\s,]{1,5})${TIME}`,
  // 10 11 2026 09:26, from programs in Japanese, whose short months are numbers
  String.raw`(?<day>\d{1,2})\s(?<number>\d{1,2})\s(?<year>\d{4})\s${TIME}`,
  // 10.11.2026 09:26
  String.raw`(?<day>\d{1,2})\.(?<number>\d{1,2})\.(?<year>\d{4})[\s,]{1,5}${TIME}`,
].map((form) => new RegExp(`(?<!\\d)${form}`, 'iu'))

/** Parses a Date field (RFC 5322 §3.3, obsolete forms, asctime, ISO 8601). Null when it is not a date between 1900 and 9999. */
export function parseDate(text: string): Date | null {
  const short = text.slice(0, 200)
  return readDate(short) ?? readDate(plainDate(short))
}

function readDate(short: string): Date | null {
  for (const form of FORMS) {
    const match = form.exec(short)
    const date = match?.groups ? dateOf(match.groups, short.slice(match.index + match[0].length)) : null
    const year = date?.getUTCFullYear() ?? Number.NaN
    if (date && year >= 1900 && year <= 9999) return date
  }
  return null
}

function dateOf(part: Record<string, string | undefined>, rest: string): Date | null {
  const month = part['number'] === undefined ? monthOf(part['month'] ?? '') : Number(part['number']) - 1
  const [day, minute, second] = [Number(part['day']), Number(part['minute']), Number(part['second'] ?? 0)]
  const hour = hourOf(Number(part['hour']), part['half']?.toLowerCase())
  const year = yearOf(part['year'] ?? '')
  // Date.UTC would read 0001 as 1901.
  if (month < 0 || month > 11 || year < 1900 || day < 1 || day > 31) return null
  if (hour > 24 || minute > 59 || second > 60) return null
  const utc = Date.UTC(year, month, day, hour, minute, second)
  return new Date(utc - zoneMinutes(part['zone'] ?? rest) * 60_000)
}

/** RFC 5322 §4.3: two digits are 1950 to 2049, three count from 1900. */
function yearOf(text: string): number {
  const year = Number(text)
  if (text.length === 2) return year + (year < 50 ? 2000 : 1900)
  return text.length === 3 ? year + 1900 : year
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined || hour > 12) return hour
  return (hour % 12) + (half === 'p' ? 12 : 0)
}

/** Formats a date for a header field (RFC 5322 §3.3), in UTC. */
export function formatMailDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${DAYS[date.getUTCDay()] ?? ''}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ''}`
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return `${day} ${String(date.getUTCFullYear()).padStart(4, '0')} ${time} +0000`
}
