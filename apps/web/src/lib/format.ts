import { isolated } from '@mairust/ui'

import type { Locale } from './preferences.ts'

const DAY_MS = 86_400_000

const dayOf = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

/** A date for a narrow column, in the user's time zone: the time today, the weekday this week, the day this year, else the date. */
export function shortDate(iso: string, now: Date, locale: Locale): string {
  const date = new Date(iso)
  const days = Math.round((dayOf(now) - dayOf(date)) / DAY_MS)
  if (days === 0) return date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
  if (days > 0 && days < 7) return date.toLocaleDateString(locale, { weekday: 'short' })
  if (date.getFullYear() === now.getFullYear())
    return date.toLocaleDateString(locale, { month: 'short', day: 'numeric' })
  return date.toLocaleDateString(locale, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

/** A date in full, for reading and for tooltips. */
export function fullDate(iso: string, locale: Locale): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'short' })
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** A size in bytes, such as `18 KB` (1 KB is 1024 B). */
export function fileSize(bytes: number, locale: Locale): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? 'B'}`
}

/** The name of a sender or recipient, or else the address. */
export function displayName(address: { name: string; address: string } | null): string {
  if (address === null) return ''
  return address.name.trim() === '' ? address.address : address.name
}

/** Name and address, each isolated from the direction of the other. */
export function addressText({ name, address }: { name: string; address: string }): string {
  const bare = isolated(address, 'ltr')
  return name.trim() === '' ? bare : `${isolated(name)} <${bare}>`
}

/** More than a line of names has room for on any screen; names beyond it would only take time to lay out. */
const ONE_LINE = 500

/** The names of people in one line; of very many the first. */
export function peopleText(people: readonly { name: string; address: string }[]): string {
  let names = ''
  for (const person of people) {
    if (names.length > ONE_LINE) return `${names}, …`
    names += `${names === '' ? '' : ', '}${isolated(displayName(person))}`
  }
  return names
}

/** The domain of an address as written; empty if there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1)
}
