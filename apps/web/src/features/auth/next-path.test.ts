import { expect, test } from 'vitest'

import { safeNextPath } from './next-path.ts'

test.each(['/mail', '/mail/a@b.c/inbox?q=x', '/setup'])('%s is allowed', (path) =>
  expect(safeNextPath(path)).toBe(path),
)
test.each([
  undefined,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
])('%s is not', (path) => {
  expect(safeNextPath(path)).toBe('/mail')
})
