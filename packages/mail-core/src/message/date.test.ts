import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMailDate, parseDate } from './date.ts'

describe('parseDate', () => {
  it.each([
    ['Mon, 01 Jan 2024 09:00:00 +0900', '2024-01-01T00:00:00.000Z'],
    ['1 Jan 2024 09:00 +0900 (JST)', '2024-01-01T00:00:00.000Z'],
    ['Mon, 1 Jan 24 00:00:00 GMT', '2024-01-01T00:00:00.000Z'],
    ['Mon, 1 Jan 99 00:00:00 EST', '1999-01-01T05:00:00.000Z'],
    ['Mon, 1 Jan 124 00:00:00 UT', '2024-01-01T00:00:00.000Z'],
    ['1 January 2024 00:00:00 JST', '2023-12-31T15:00:00.000Z'],
    ['2024-01-01T09:00:00+09:00', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01 09:00:00 +0900', '2024-01-01T00:00:00.000Z'],
    ['Mon, 01 Jan 2024 00:00:00 -0330', '2024-01-01T03:30:00.000Z'],
  ])('%s', (text, expected) => expect(parseDate(text)?.toISOString()).toBe(expected))

  it.each([
    '',
    'yesterday',
    '32 Jan 2024 00:00 GMT',
    '1 Foo 2024 00:00 GMT',
    '1 Jan 2024 25:00 GMT',
    '1 Jan 0001 00:00 GMT',
    '2024-13-01T00:00',
  ])('is null for %j', (text) => expect(parseDate(text)).toBeNull())

  it('parses what formatMailDate writes, to the second', () => {
    const dates = fc.date({ min: new Date('1900-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(formatMailDate(date))?.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000)
      }),
    )
  })
})

describe('dates with every form of zone', () => {
  const forms: [string, string][] = [
    'Tue, 10 Nov 2026 09:26:24',
    '10-Nov-26 09:26:24',
    'Nov 10, 2026 09:26:24',
    'Tue Nov 10 09:26:24 2026',
    '2026-11-10T09:26:24',
    '2026/11/10 09:26:24',
    '10.11.2026 09:26:24',
    'Di., 10. November 2026 09:26:24',
    'Tue, 10 Nov 2026 9:26:24 AM',
  ].flatMap((date) =>
    (
      [
        ['', 0],
        [' +0800', -8],
        [' +08:00', -8],
        [' +8', -8],
        [' GMT +0100', -1],
        [' GMT+01:00', -1],
        [' (UTC+01:00)', -1],
        [' -0500 (EST)', 5],
        [' EST', 5],
        [' EST5EDT', 5],
        [' Pacific Daylight Time', 7],
        [' MESZ', -2],
        [' +9999', 0],
      ] as const
    ).map(([zone, hours]): [string, string] => [
      `${date}${zone}`,
      new Date(Date.UTC(2026, 10, 10, 9 + hours, 26, 24)).toISOString(),
    ]),
  )
  it.each([
    ...forms,
    ['Tue Jul 24 18:55:07 EDT 2007', '2007-07-24T22:55:07.000Z'],
    ['Sat, Apr 09 2005 06:39:52 -0700', '2005-04-09T13:39:52.000Z'],
    ['Tue, 10 Nov 2026 9:26:24 PM', '2026-11-10T21:26:24.000Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
  ])('%s', (text, expected) => expect(parseDate(text)?.toISOString()).toBe(expected))
})

describe('dates in the language of the program', () => {
  // What programs write whose formatter follows the user's language.
  it.each([
    ...['11月', '十一月', '11 월', 'nov.', 'marras', 'lis', 'Kas', 'ноя'].map(
      (month) => `x, 10 ${month} 2026 09:26:24 +0900`,
    ),
    '火, 10 11 2026 09:26:24 +0900',
    '2026年11月10日(火) 09:26:24 +0900',
    '2026년 11월 10일 09:26:24 +0900',
  ])('%s', (text) => expect(parseDate(text)?.toISOString()).toBe('2026-11-10T00:26:24.000Z'))

  it.each([
    'sv-SE',
    'da-DK',
    'nb-NO',
    'nl-NL',
    'fi-FI',
    'pl-PL',
    'tr-TR',
    'de-DE',
    'fr-FR',
    'es-ES',
    'it-IT',
    'pt-PT',
    'ru-RU',
    'ja-JP',
    'zh-CN',
    'ko-KR',
  ])('knows every month in %s', (locale) => {
    const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 10)))
    const read = (width: 'short' | 'long') =>
      months.map((date) => {
        const name = date.toLocaleDateString(locale, { month: width, timeZone: 'UTC' })
        return parseDate(`10 ${name} 2026 09:00:00`)?.toISOString()
      })
    const expected = months.map((date) => new Date(date.getTime() + 9 * 3_600_000).toISOString())
    expect([read('long'), read('short')]).toEqual([expected, expected])
  })
})
