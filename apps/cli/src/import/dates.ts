import { parseDate } from '@mairust/mail-core/message'
import type { Head } from './head.ts'

const MONTH = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const TIME = String.raw`\d\d?:\d\d(?::\d\d)?`

/** `Nov 10`, a time, a year and maybe a zone, in the varying order that mail clients write after the weekday. */
const ASCTIME = new RegExp(String.raw`\b(${MONTH}) +(\d{1,2})\b(.*)$`)
const ZONE = /[+-]\d{4}\b|\b(?:UTC|GMT|[A-Z]{1,2}[SD]T)\b/

/** The time in an mbox separator line, in UTC (RFC 4155) unless it names a zone. */
export function separatorTime(line: string): Date | null {
  const [, month, day, rest = ''] = ASCTIME.exec(line) ?? []
  const time = new RegExp(TIME).exec(rest)?.[0]
  const year = /(?<![\d:+-])\d{4}(?![\d:])/.exec(rest)?.[0]
  if (month === undefined || day === undefined || time === undefined || year === undefined)
    return parseDate(line.slice('From '.length))
  return parseDate(`${day} ${month} ${year} ${time} ${ZONE.exec(rest)?.[0] ?? '+0000'}`)
}

/** When the last server received the message, by the topmost trace field (RFC 5321 §4.4); else its Date. */
export function headerTime(head: Head): Date | null {
  const [, stamp = ''] = /;([^;]*)$/.exec(head.first('received')) ?? []
  return parseDate(stamp) ?? parseDate(head.first('date'))
}
