import { screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { refusal } from '#testing/fake-api.tsx'
import { fakeMailbox } from '#testing/messages.ts'
import { type Batch, click, failed, openMail, reader, row, tick } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

test('opening a message clears the selection', async () => {
  const { user } = openMail(5)
  await tick(user, 3)
  await screen.findByText('1 selected')
  await click(user, 5)
  await within(await reader()).findByRole('heading', { name: 'Subject 5' })
  expect(screen.queryByText('1 selected')).toBeNull()
})

test('all matching messages are selected and changed in batches of a thousand, after confirmation', async () => {
  const { user, called, state } = openMail(1203)
  await row(1203)
  await user.click(screen.getByRole('checkbox', { name: 'Select all' }))
  await user.click(await screen.findByRole('button', { name: 'Select all 1,203 that match' }))
  expect(await screen.findByText('1,203 selected')).toBeTruthy()
  await user.keyboard('e')
  expect(called('messages.batch')).toEqual([])
  await user.click(await screen.findByRole('button', { name: 'Archive 1,203 messages' }))
  await waitFor(() => expect(called('messages.batch').map((input) => (input as Batch).ids.length)).toEqual([1000, 203]))
  expect(await screen.findByText('1,203 archived')).toBeTruthy()
  expect(state.messages.every(({ folder }) => folder === 'archive')).toBe(true)
  expect(await screen.findByText('Your inbox is empty')).toBeTruthy()
  await user.keyboard('z')
  await row(1203)
  expect(state.messages.every(({ folder }) => folder === 'inbox')).toBe(true)
})

test('when the server fails between two batches, the notice counts the messages that were not changed', async () => {
  const answers = [() => failed(), () => Promise.reject(refusal('UNAVAILABLE'))]
  const { user } = openMail(1203, { handlers: { 'messages.batch': () => (answers.shift() ?? (() => failed()))() } })
  await row(1203)
  await user.click(screen.getByRole('checkbox', { name: 'Select all' }))
  await user.click(await screen.findByRole('button', { name: 'Select all 1,203 that match' }))
  await user.keyboard('#')
  await user.click(await screen.findByRole('button', { name: 'Move 1,203 messages to trash' }))
  expect(await screen.findByText('203 messages could not be changed')).toBeTruthy()
})

test('the selection does not carry over to another list', async () => {
  const { user } = openMail(3)
  await tick(user, 3)
  await screen.findByText('1 selected')
  await user.click(screen.getByRole('link', { name: 'All mail' }))
  await row(3)
  expect(screen.queryByText('1 selected')).toBeNull()
})

test('Escape stops selecting all', async () => {
  const page = Promise.withResolvers<never>()
  const fake = fakeMailbox(120)
  const { user } = openMail(120, {
    handlers: {
      'messages.list': (input: { limit: number; cursor?: string }) =>
        input.limit === 100 && input.cursor !== undefined ? page.promise : fake.handlers['messages.list'](input),
    },
  })
  await row(120)
  await user.click(screen.getByRole('checkbox', { name: 'Select all' }))
  await user.click(await screen.findByRole('button', { name: 'Select all 120 that match' }))
  expect(await screen.findByRole('button', { name: 'Selecting… 100 so far. Stop' })).toBeTruthy()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByText(/selected/)).toBeNull())
})
