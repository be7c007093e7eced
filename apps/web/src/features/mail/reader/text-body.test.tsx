import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { renderPage } from '#testing/fake-api.tsx'

import { TextBody } from './text-body.tsx'

test('a long text is shown in portions of few elements, and reading goes on where the next one starts', async () => {
  const text = `${'> a\n> b\n> c\nx\n'.repeat(60_000)}${'http://a.b/ '.repeat(10_000)}end`
  const user = userEvent.setup()
  const { container } = renderPage(<TextBody text={text} />)
  const more = await screen.findByRole('button', { name: /^Show more text/ })
  const count = () => container.querySelectorAll('*').length
  const before = count()
  expect(before).toBeLessThan(5000)
  await user.click(more)
  expect(count()).toBeLessThan(2 * before)
  expect(document.activeElement?.textContent).toMatch(/^x|quoted/)
  expect(screen.getByRole('button', { name: /^Show more text/ })).toBe(more)
})

test('a long text in a script without spaces can break often enough to be laid out at once, and stays what it is', () => {
  const text = 'สวัสดีครับ'.repeat(3000)
  const { container } = renderPage(<TextBody text={text} />)
  expect(container.querySelectorAll('wbr').length).toBeGreaterThan(text.length / 400)
  expect(container.textContent).toBe(text)
})

test('lines in blocks of their own stay one text, and each block has the direction of its lines', () => {
  const text = `Hi\n${'1ש'.repeat(5000)}\n\n${'12/3 שלום abc\n'.repeat(500)}end`
  const { container } = renderPage(<TextBody text={text} />)
  expect(container.textContent).toBe(text)
  const [paragraph, ...others] = container.querySelectorAll('p')
  expect(others).toEqual([])
  const blocks = [...(paragraph?.children ?? [])]
  expect(blocks.length).toBeGreaterThan(3)
  for (const block of blocks) expect(block.getAttribute('dir')).toBe('auto')
  const longest = Math.max(...[...container.querySelectorAll('span:not(:has(span))')].map((e) => e.textContent.length))
  expect(longest).toBeLessThanOrEqual(4000)
})
