import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'

import { DropdownMenu } from './menu.tsx'

const item = (onSelect: () => void) => [{ kind: 'item' as const, key: 'a', label: 'Archive', onSelect }]

test('the button announces its menu before the menu is loaded', () => {
  render(<DropdownMenu trigger={<button type="button">More</button>} entries={item(vi.fn())} />)
  const button = screen.getByRole('button', { name: 'More' })
  expect(button.getAttribute('aria-haspopup')).toBe('menu')
  expect(button.getAttribute('aria-expanded')).toBe('false')
})

test('an arrow key opens the menu, and the focus returns to its button', async () => {
  const user = userEvent.setup()
  const chosen = vi.fn()
  render(<DropdownMenu trigger={<button type="button">More</button>} entries={item(chosen)} />)
  await user.tab()
  await user.keyboard('{ArrowDown}')
  await screen.findByRole('menuitem', { name: 'Archive' })
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More' })))
  await user.keyboard('{Enter}')
  await user.click(await screen.findByRole('menuitem', { name: 'Archive' }))
  expect(chosen).toHaveBeenCalledTimes(1)
})

test('a menu that is opened from elsewhere reports when it closes', async () => {
  const user = userEvent.setup()
  function Controlled() {
    const [open, setOpen] = useState(false)
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          Elsewhere
        </button>
        <output>{open ? 'open' : 'closed'}</output>
        <DropdownMenu
          open={open}
          onOpenChange={setOpen}
          trigger={<button type="button">More</button>}
          entries={item(() => undefined)}
        />
      </>
    )
  }
  render(<Controlled />)
  await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Archive' }))
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('closed'))
})
