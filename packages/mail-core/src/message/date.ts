const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Obsolete zone names (RFC 5322 §4.3) and the one that Japanese mail uses, in minutes east. */
const ZONES = new Map([
  ['edt', -240],
  ['est', -300],
  ['cdt', -300],
  ['cst', -360],
  ['mdt', -360],
  ['mst', -420],
  ['pdt', -420],
  ['pst', -480],
  ['jst', 540],
])

const MAIL_DATE =
  /(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]{1,5})?/i
const ISO_DATE = /^\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?/

/** Reads a Date header (RFC 5322 §3.3, obsolete forms, ISO 8601). Null when it is no date between 1900 and 9999. */
export function parseDate(text: string): Date | null {
  const short = text.slice(0, 200)
  const date = parseMailDate(short) ?? parseIsoDate(short)
  const year = date?.getUTCFullYear() ?? Number.NaN
  return date && year >= 1900 && year <= 9999 ? date : null
}

function parseMailDate(text: string): Date | null {
  const match = MAIL_DATE.exec(text)
  if (!match) return null
  const [, day, monthName, yearText = '', hour, minute, second, zone = ''] = match
  const month = MONTHS.indexOf((monthName ?? '').toLowerCase())
  if (month === -1) return null
  let year = Number(yearText)
  // RFC 5322 §4.3: two digits are 1950 to 2049, three count from 1900.
  if (yearText.length === 2) year += year < 50 ? 2000 : 1900
  else if (yearText.length === 3) year += 1900
  // Date.UTC would read 0001 as 1901.
  if (year < 1900) return null
  if (Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60) return null
  const utc = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second ?? 0))
  return new Date(utc - zoneMinutes(zone) * 60_000)
}

function zoneMinutes(zone: string): number {
  const numeric = /^([+-])(\d{2})(\d{2})$/.exec(zone)
  if (!numeric) return ZONES.get(zone.toLowerCase()) ?? 0
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3])
  return numeric[1] === '-' ? -minutes : minutes
}

function parseIsoDate(text: string): Date | null {
  const match = ISO_DATE.exec(text)
  if (!match) return null
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const date = new Date(`${match[1] ?? ''}T${match[2] ?? ''}${zone}`)
  return Number.isNaN(date.getTime()) ? null : date
}

/** Writes a date as headers do (RFC 5322 §3.3), in UTC. */
export function formatMailDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const month = MONTHS[date.getUTCMonth()] ?? ''
  const day = `${DAYS[date.getUTCDay()] ?? ''}, ${two(date.getUTCDate())} ${month.charAt(0).toUpperCase()}${month.slice(1)}`
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return `${day} ${String(date.getUTCFullYear()).padStart(4, '0')} ${time} +0000`
}
