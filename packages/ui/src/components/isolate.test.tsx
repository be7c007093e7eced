import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Isolate, isolated } from './isolate.tsx'

test('text that contains nothing right-to-left stays unchanged', () => {
  for (const text of ['', 'Ann', '請求書 12', 'ann@example.com', '👩‍💻', '\uFEFF']) expect(isolated(text)).toBe(text)
})

test('text that could reorder its surroundings is isolated, and nothing in it can end the isolation', () => {
  expect(isolated('שלום')).toBe('\u2068שלום\u2069')
  expect(isolated('\u202Eevil\u2069\u2067')).toBe('\u2068evil\u2069')
  expect(isolated('דוד@example.com', 'ltr')).toBe('\u2066דוד@example.com\u2069')
  for (const mark of '\u061C\u200F\u202A\u202D\u2066\u{1E900}') expect(isolated(mark)).not.toBe(mark)
})

test('an isolated element has a direction of its own', () => {
  render(
    <p>
      <Isolate>{'\u202Eab'}</Isolate> <Isolate dir="ltr">x.pdf</Isolate>
    </p>,
  )
  expect(screen.getByText('\u202Eab').outerHTML).toBe('<bdi dir="auto" class="">\u202Eab</bdi>')
  expect(screen.getByText('x.pdf').getAttribute('dir')).toBe('ltr')
})
