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
