const DAY_MS = 86_400_000
const UNIT_DAYS = new Map([
  ['d', 1],
  ['w', 7],
  ['m', 30],
  ['y', 365],
])

/**
 * Parses a query's date: `YYYY-MM-DD` or `YYYY/MM/DD` (midnight UTC), `7d`, `2w`, `3m`, `1y` before now, `today`, `yesterday`. Null
 * for anything else.
 */
export function parseQueryDate(value: string, now: Date): Date | null {
  const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
  const word = value.normalize('NFKC').trim().toLowerCase()
  if (word === 'today') return today
  if (word === 'yesterday') return new Date(today.getTime() - DAY_MS)
  const relative = /^(\d{1,5})([dwmy])$/.exec(word)
  if (relative) {
    const days = Number(relative[1]) * (UNIT_DAYS.get(relative[2] ?? '') ?? 1)
    const at = new Date(now.getTime() - days * DAY_MS)
    return at.getUTCFullYear() >= 1 ? at : null
  }
  const absolute = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(word)
  if (!absolute) return null
  const [year, month, day] = [Number(absolute[1]), Number(absolute[3]), Number(absolute[4])]
  const date = new Date(Date.UTC(year, month - 1, day))
  // Date rolls 30 February over into March, and reads years under 100 as 19xx.
  return year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null
}
