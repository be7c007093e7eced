import { expect, test } from 'vitest'

import { displayName, domainOf, fileSize, fullDate, peopleText, shortDate } from './format.ts'

const now = new Date(2026, 5, 15, 12, 0)
const at = (...parts: [number, number, number, number?]) => new Date(...parts).toISOString()

test('short dates are as short as possible', () => {
  expect(shortDate(at(2026, 5, 15, 9), now, 'en')).toBe('09:00')
  expect(shortDate(at(2026, 5, 14, 23), now, 'en')).toBe('Sun')
  expect(shortDate(at(2026, 5, 14, 23), now, 'ja')).toBe('日')
  expect(shortDate(at(2026, 0, 2), now, 'en')).toBe('Jan 2')
  expect(shortDate(at(2025, 11, 31), now, 'ja')).toBe('2025/12/31')
  expect(shortDate(at(2026, 5, 20), now, 'en')).toBe('Jun 20')
  expect(fullDate(at(2026, 5, 15, 9), 'ja')).toContain('2026年6月15日')
})

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1536, '1.5 KB'],
  [188_416, '184 KB'],
  [5_368_709_120, '5 GB'],
])('%i bytes are %s', (bytes, text) => expect(fileSize(bytes, 'en')).toBe(text))

test('names and domains', () => {
  expect(displayName({ name: ' ', address: 'a@b.c' })).toBe('a@b.c')
  expect(displayName({ name: 'A', address: 'a@b.c' })).toBe('A')
  expect(displayName(null)).toBe('')
  expect([domainOf('"a@b"@c.de'), domainOf('x')]).toEqual(['c.de', ''])
})

test('a line has the names of all people, of very many the first', () => {
  const people = Array.from({ length: 400 }, (_, n) => ({ name: `Ann ${String(n)}`, address: 'ann@example.com' }))
  expect(peopleText(people.slice(0, 3))).toBe('Ann 0, Ann 1, Ann 2')
  const text = peopleText(people)
  expect(text).toMatch(/^Ann 0, Ann 1, .*, Ann \d\d, …$/)
  expect(text.length).toBeLessThan(550)
})
