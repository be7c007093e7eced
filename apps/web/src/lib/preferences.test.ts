import { expect, test } from 'vitest'

import { chooseLocale, oneOf, remember, THEMES } from './preferences.ts'

test.each([
  ['ja', 'en', 'ja'],
  [undefined, 'ja,en-US;q=0.9', 'ja'],
  [undefined, 'en-US,ja;q=0.9', 'en'],
  [undefined, 'fr, ja;q=0.2, en;q=0.4', 'en'],
  [undefined, 'ja;q=0, en', 'en'],
  ['xx', 'ja-JP', 'ja'],
  [undefined, null, 'en'],
  [undefined, ';;q=,', 'en'],
])('cookie %s and Accept-Language %s give %s', (cookie, header, locale) => {
  expect(chooseLocale(cookie, header)).toBe(locale)
})

test('an unknown choice becomes the first one', () => {
  expect(oneOf(THEMES, 'dark')).toBe('dark')
  expect(oneOf(THEMES, 'pink')).toBe('system')
})

test('preferences are kept in cookies', () => {
  remember('theme', 'dark')
  expect(document.cookie).toContain('mairust_theme=dark')
})
