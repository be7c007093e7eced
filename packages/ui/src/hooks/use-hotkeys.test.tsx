import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { hotkeyOf, useHotkeys, type Hotkeys } from './use-hotkeys.ts'

function Page({ hotkeys, enabled, dialog = false }: { hotkeys: Hotkeys; enabled?: boolean; dialog?: boolean }) {
  useHotkeys(hotkeys, enabled)
  return (
    <>
      <input aria-label="Text" />
      <input aria-label="Box" type="checkbox" />
      <div aria-label="Rich" role="textbox" tabIndex={0} />
      {dialog ? <div role="dialog" /> : null}
    </>
  )
}
const press = (key: string, options: object = {}, target: Element = document.body) =>
  fireEvent.keyDown(target, { key, ...options })

test('names of keys', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  expect(hotkeyOf({ ...plain, key: 'j' })).toBe('j')
  expect(hotkeyOf({ ...plain, key: '#', shiftKey: true })).toBe('#')
  expect(hotkeyOf({ ...plain, key: 'k', metaKey: true })).toBe('mod+k')
  expect(hotkeyOf({ ...plain, key: 'ArrowDown', shiftKey: true, altKey: true })).toBe('alt+shift+ArrowDown')
})

test('a single key acts, and its default action is prevented', () => {
  const j = vi.fn()
  render(<Page hotkeys={{ j }} />)
  expect(press('j')).toBe(false)
  expect(press('k')).toBe(true)
  expect(j).toHaveBeenCalledTimes(1)
})

test('no single key acts while the user types or composes, but a combination does', () => {
  const j = vi.fn()
  const palette = vi.fn()
  render(<Page hotkeys={{ j, 'mod+k': palette }} />)
  press('j', {}, screen.getByLabelText('Text'))
  press('j', {}, screen.getByLabelText('Rich'))
  press('j', { isComposing: true })
  expect(j).not.toHaveBeenCalled()
  press('j', {}, screen.getByLabelText('Box'))
  expect(j).toHaveBeenCalledTimes(1)
  press('k', { ctrlKey: true }, screen.getByLabelText('Text'))
  expect(palette).toHaveBeenCalledTimes(1)
})

test('no key acts while a dialog is open', () => {
  const j = vi.fn()
  render(<Page hotkeys={{ j }} dialog />)
  press('j')
  expect(j).not.toHaveBeenCalled()
})

test('a sequence of two keys acts, and its second key alone does something else', () => {
  const inbox = vi.fn()
  const italic = vi.fn()
  render(<Page hotkeys={{ 'g i': inbox, i: italic }} />)
  press('g')
  press('i')
  expect([inbox.mock.calls.length, italic.mock.calls.length]).toEqual([1, 0])
  press('i')
  press('g')
  press('x')
  press('i')
  expect([inbox.mock.calls.length, italic.mock.calls.length]).toEqual([1, 2])
})

test('keys can be switched off', () => {
  const j = vi.fn()
  render(<Page hotkeys={{ j }} enabled={false} />)
  press('j')
  expect(j).not.toHaveBeenCalled()
})
