import { act, fireEvent, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Archive, Trash2 } from 'lucide-react'
import { afterEach, expect, test, vi } from 'vitest'

import { IconButton } from './icon-button.tsx'
import { TooltipProvider } from './tooltip.tsx'

afterEach(() => {
  vi.useRealTimers()
})

function open() {
  vi.useFakeTimers()
  render(
    <TooltipProvider>
      <IconButton label="Archive" keys={['e']} icon={<Archive />} />
      <IconButton label="Trash" side="right" icon={<Trash2 />} />
      <p>Elsewhere</p>
    </TooltipProvider>,
  )
}
const hint = () => document.querySelector('[data-tooltip-popup]')?.textContent
const button = (name: string) => screen.getByRole('button', { name })
function wait(ms: number) {
  act(() => {
    vi.advanceTimersByTime(ms)
  })
}

test('a tooltip appears after a delay, its neighbour’s at once, and disappears when the pointer leaves', () => {
  open()
  fireEvent.pointerOver(button('Archive'))
  wait(400)
  expect(hint()).toBeUndefined()
  wait(200)
  expect(hint()).toBe('Archivee')
  fireEvent.pointerOver(button('Trash'))
  wait(0)
  expect(hint()).toBe('Trash')
  fireEvent.pointerOver(screen.getByText('Elsewhere'))
  wait(200)
  expect(hint()).toBeUndefined()
})

test('a tooltip stays while the pointer is on it', () => {
  open()
  fireEvent.pointerOver(button('Archive'))
  wait(600)
  fireEvent.pointerOver(screen.getByText('Elsewhere'))
  const popup = document.querySelector('[data-tooltip-popup]')
  if (popup !== null) fireEvent.pointerOver(popup)
  wait(1000)
  expect(hint()).toBe('Archivee')
  fireEvent.pointerOut(document.body, { relatedTarget: null })
  wait(200)
  expect(hint()).toBeUndefined()
})

test('keyboard focus shows a tooltip, and any key hides it', async () => {
  open()
  vi.useRealTimers()
  const user = userEvent.setup()
  await user.tab()
  expect(hint()).toBe('Archivee')
  await user.keyboard('{Escape}')
  expect(hint()).toBeUndefined()
})

test('touch shows no tooltips', () => {
  open()
  fireEvent.pointerOver(button('Archive'), { pointerType: 'touch' })
  wait(1000)
  expect(hint()).toBeUndefined()
})
