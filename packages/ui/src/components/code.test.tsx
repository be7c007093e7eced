import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { CopyButton } from './code.tsx'
import { TooltipProvider } from './tooltip.tsx'

afterEach(() => vi.unstubAllGlobals())

const show = () =>
  render(
    <TooltipProvider>
      <CopyButton value="v=spf1 mx -all" label="Copy" copiedLabel="Copied" />
    </TooltipProvider>,
  )

test('copies and says so', async () => {
  const user = userEvent.setup()
  vi.stubGlobal('isSecureContext', true)
  show()
  await user.click(screen.getByRole('button', { name: 'Copy' }))
  expect(await screen.findByRole('button', { name: 'Copied' })).toBeTruthy()
  expect(screen.getByRole('status').textContent).toBe('Copied')
  expect(await navigator.clipboard.readText()).toBe('v=spf1 mx -all')
})

test('also copies on a page without https', async () => {
  const user = userEvent.setup()
  vi.stubGlobal('isSecureContext', false)
  const copied: string[] = []
  const execCommand = () => {
    const area = document.querySelector('textarea')
    if (area !== null) copied.push(area.value)
    return true
  }
  Object.assign(document, { execCommand })
  show()
  await user.click(screen.getByRole('button', { name: 'Copy' }))
  await waitFor(() => expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy())
  expect(copied).toEqual(['v=spf1 mx -all'])
  expect(document.querySelector('textarea')).toBeNull()
})
