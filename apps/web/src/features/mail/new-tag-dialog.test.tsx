import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { renderPage } from '#testing/fake-api.tsx'

import { NewTagDialog } from './new-tag-dialog.tsx'

test('asks for a missing name, and creates the tag once it has one', async () => {
  const user = userEvent.setup()
  const onCreate = vi.fn()
  renderPage(<NewTagDialog open onOpenChange={vi.fn()} onCreate={onCreate} />, { handlers: {} })
  await user.click(screen.getByRole('button', { name: 'Create and apply' }))
  const box = screen.getByLabelText('Name')
  expect(screen.getByText('Enter a name.')).toBeTruthy()
  expect(document.activeElement).toBe(box)
  await user.type(box, ' Urgent {Enter}')
  expect(screen.queryByText('Enter a name.')).toBeNull()
  expect(onCreate.mock.calls).toEqual([['Urgent']])
})
