import { render, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { Gallery } from './gallery.tsx'

function open() {
  render(<Gallery />)
  const [light] = document.querySelectorAll<HTMLElement>('[data-theme="light"]')
  if (light === undefined) throw new Error('The gallery has no light half')
  return { user: userEvent.setup(), page: within(light) }
}

test('a field associates its label, hint and error with the control', () => {
  const { page } = open()
  const name = page.getByLabelText('Name')
  expect(name.getAttribute('aria-describedby')).toBe(page.getByText('As others see it').id)
  const address = page.getByLabelText('Address')
  expect(address.getAttribute('aria-invalid')).toBe('true')
  const error = page.getByText('This is not an address.').closest('[id]')
  expect(address.getAttribute('aria-describedby')).toContain(error?.id)
})

test('a busy button says so and cannot be pressed', () => {
  const { page } = open()
  const busy = page.getByRole('button', { name: 'Saving' })
  expect(busy.getAttribute('aria-busy')).toBe('true')
  expect(busy.getAttribute('aria-disabled')).toBe('true')
})

test('toggles show their state', async () => {
  const { user, page } = open()
  const star = page.getByRole('button', { name: 'Star' })
  await user.click(star)
  expect(star.getAttribute('aria-pressed')).toBe('true')
  await user.click(page.getByRole('checkbox', { name: 'Selected' }))
  expect(page.getByRole('checkbox', { name: 'Selected' }).getAttribute('aria-checked')).toBe('false')
  expect(page.getByRole('checkbox', { name: 'Some' }).getAttribute('aria-checked')).toBe('mixed')
  await user.click(page.getByRole('switch', { name: 'Notifications' }))
  expect(page.getByRole('switch', { name: 'Notifications' }).getAttribute('aria-checked')).toBe('true')
})

test('tabs show one view at a time', async () => {
  const { user, page } = open()
  expect(page.queryByText('Second')).toBeNull()
  await user.click(page.getByRole('tab', { name: 'Two' }))
  expect(await page.findByText('Second')).toBeTruthy()
  await waitFor(() => expect(page.queryByText('First')).toBeNull())
})

test('the current step is marked', () => {
  const { page } = open()
  const [first, second] = within(page.getByRole('list', { name: 'Progress' })).getAllByRole('listitem')
  expect(first?.textContent).toContain('done')
  expect(second?.getAttribute('aria-current')).toBe('step')
})

test('a menu opens by keyboard, an item acts, and its toast offers an undo', async () => {
  const { user, page } = open()
  page.getByRole('button', { name: 'Menu' }).focus()
  await user.keyboard('{Enter}')
  await user.click(await screen.findByRole('menuitem', { name: /Archive/ }))
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(await screen.findByText('Undone')).toBeTruthy()
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
})

test('a menu keeps what was chosen', async () => {
  const { user, page } = open()
  await user.click(page.getByRole('button', { name: 'Menu' }))
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Unread' }))
  expect(screen.getByRole('menuitemcheckbox', { name: 'Unread' }).getAttribute('aria-checked')).toBe('false')
  await user.click(screen.getByRole('menuitemradio', { name: 'Dark' }))
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
})

test('a dialog has a name and a description, and Escape closes it', async () => {
  const { user, page } = open()
  await user.click(page.getByRole('button', { name: 'Dialog' }))
  const dialog = await screen.findByRole('dialog', { name: 'Delete the domain?' })
  expect(within(dialog).getByText('This cannot be undone.').id).toBe(dialog.getAttribute('aria-describedby'))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('the close button closes a sheet', async () => {
  const { user, page } = open()
  await user.click(page.getByRole('button', { name: 'Sheet' }))
  const sheet = await screen.findByRole('dialog', { name: 'Details' })
  await user.click(within(sheet).getByRole('button', { name: 'Close' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('the palette finds a command by part of its name and closes when it runs', async () => {
  const { user, page } = open()
  await user.click(page.getByRole('button', { name: 'Commands' }))
  const input = await screen.findByPlaceholderText('Type a command')
  await user.type(input, 'zzz')
  expect(screen.getByText('No matches.')).toBeTruthy()
  await user.clear(input)
  await user.type(input, 'inb{Enter}')
  await waitFor(() => expect(screen.queryByPlaceholderText('Type a command')).toBeNull())
})

test('a select offers its options', async () => {
  const { user, page } = open()
  const role = page.getByRole('combobox', { name: 'Role' })
  await user.click(role)
  await user.click(await screen.findByRole('option', { name: /Administrator/ }))
  await waitFor(() => expect(role.textContent).toContain('Administrator'))
})

test('an error shows the request id', () => {
  const { page } = open()
  expect(page.getByRole('alert').textContent).toContain('req_0123')
})

test('the bar for selected rows clears the selection', async () => {
  const { user, page } = open()
  await user.click(page.getByRole('button', { name: 'Clear' }))
  await waitFor(() => expect(page.queryByText('3 selected')).toBeNull())
})

test('the keyboard resizes panes within their limits', async () => {
  const { user, page } = open()
  const handle = page.getByRole('separator', { name: 'Width of the list' })
  handle.focus()
  await user.keyboard('{ArrowRight}')
  expect(handle.getAttribute('aria-valuenow')).toBe('216')
  await user.keyboard('{End}{ArrowRight}')
  expect(handle.getAttribute('aria-valuenow')).toBe('320')
  await user.keyboard('{Home}{ArrowLeft}')
  expect(handle.getAttribute('aria-valuenow')).toBe('120')
})
