import { expect, test } from 'vitest'

import { hueOf, initialsOf } from './avatar.tsx'

test.each([
  ['Hana Sato', 'HS'],
  ['hana', 'H'],
  ['Jean-Luc Picard', 'JL'],
  ['田中 美咲', '田'],
  ['"Quoted" Name', 'QN'],
  ['𠮷田', '𠮷'],
  ['', '?'],
  ['!!!', '?'],
])('%j has the initials %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})

test('a text always has the same hue', () => {
  expect(hueOf('hana@example.com')).toBe(hueOf('hana@example.com'))
  expect(hueOf('')).toBe(0)
  for (const text of ['a', 'b@c.de', '東京', '🙂'.repeat(50)]) {
    expect(hueOf(text)).toBeGreaterThanOrEqual(0)
    expect(hueOf(text)).toBeLessThan(360)
  }
})
