import { act, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { FakeEventSource } from '#testing/event-source.ts'
import { refusal } from '#testing/fake-api.tsx'
import { makeMessage } from '#testing/messages.ts'
import { changed, gone, openMail as open, row } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

test('an opened message is shown and marked as read', async () => {
  const { user, called } = open()
  await user.click(within(await row(2)).getByRole('link'))
  const reader = await screen.findByRole('article')
  expect(await within(reader).findByRole('heading', { name: 'Subject 2' })).toBeTruthy()
  expect(within(reader).getByText('Hello')).toBeTruthy()
  await waitFor(() => expect(called('messages.batch')).toEqual([{ ids: [makeMessage(2).id], action: 'mark_seen' }]))
  await waitFor(async () => expect(within(await row(2)).queryByText('Unread')).toBeNull())
})

test('all folders are listed, however many there are', async () => {
  const folder = (n: number) => ({
    id: `fld_${String(n).padStart(26, '0')}`,
    name: `Folder ${String(n)}`,
    role: null,
    total: 0,
    unseen: 0,
  })
  const folders = Array.from({ length: 130 }, (_, n) => folder(n))
  open(1, {
    handlers: {
      'folders.list': ({ limit, cursor = '0' }: { limit: number; cursor?: string }) => {
        const end = Number(cursor) + limit
        const more = end < folders.length
        return {
          data: folders.slice(Number(cursor), end),
          pagination: { cursor: more ? String(end) : null, has_more: more },
        }
      },
    },
  })
  expect(await screen.findByRole('link', { name: /Folder 129/ })).toBeTruthy()
  expect(screen.getByRole('link', { name: /Folder 0/ })).toBeTruthy()
})

test('keys move, archive and undo', async () => {
  const { user, called } = open()
  await row(3)
  await user.keyboard('jje')
  await gone(2)
  expect(await screen.findByText('Archived')).toBeTruthy()
  await user.keyboard('z')
  await row(2)
  expect(called('messages.batch')).toEqual([
    { ids: [makeMessage(2).id], action: 'move', folder: 'archive' },
    { ids: [makeMessage(2).id], action: 'move', folder: makeMessage(2).folder_id },
  ])
})

test('a refused change is taken back, with a notice', async () => {
  const { user } = open(3, { handlers: { 'messages.batch': () => Promise.reject(refusal('UNAVAILABLE')) } })
  await row(3)
  await user.keyboard('j#')
  expect(await screen.findByText('The server is busy.')).toBeTruthy()
  await row(3)
})

test('selected rows are moved together', async () => {
  const { user, called } = open(5)
  await row(5)
  await user.keyboard('jxJJ')
  expect(await screen.findByText('3 selected')).toBeTruthy()
  await user.keyboard('v')
  await user.click(await screen.findByRole('menuitem', { name: 'Receipts' }))
  await gone(4)
  expect(called('messages.batch')).toEqual([
    { ids: [5, 4, 3].map((n) => makeMessage(n).id), action: 'move', folder: `fld_${'9'.padStart(26, '0')}` },
  ])
})

test('all rows are selected at once, and deselected', async () => {
  const { user } = open(4)
  await row(4)
  await user.click(screen.getByRole('checkbox', { name: 'Select all' }))
  expect(await screen.findByText('4 selected')).toBeTruthy()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByText('4 selected')).toBeNull())
})

test('new mail appears in the open list automatically', async () => {
  const { state } = open()
  await row(3)
  state.messages.unshift(makeMessage(4))
  changed()
  await row(4)
  expect(await screen.findByText('1 new message has arrived')).toBeTruthy()
})

test('a lost stream is shown, and missed mail is read when it is back', async () => {
  const { state } = open()
  await row(3)
  act(() => void FakeEventSource.open[0]?.dispatchEvent(new Event('error')))
  expect(screen.getByText('Reconnecting…')).toBeTruthy()
  state.messages.unshift(makeMessage(4))
  act(() => void FakeEventSource.open[0]?.dispatchEvent(new Event('open')))
  await row(4)
  expect(screen.queryByText('Reconnecting…')).toBeNull()
})

test('another folder is shown without a page load', async () => {
  const { user } = open()
  await row(3)
  await user.click(screen.getByRole('link', { name: /Archive/ }))
  expect(await screen.findByText('Nothing archived')).toBeTruthy()
  expect(window.location.pathname).toBe('/mail/hana@example.com/archive')
  await user.keyboard('gi')
  await row(3)
})

test('a search without results says so and can be cleared', async () => {
  const { user } = open()
  await row(3)
  await user.keyboard('/')
  await user.keyboard('kyoto{Enter}')
  expect(await screen.findByText('Nothing found')).toBeTruthy()
  await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Clear search' }))
  await row(3)
})

test('an error shows its request id, and can be retried', async () => {
  const answers = [
    () => Promise.reject(refusal('INTERNAL_ERROR')),
    () => ({ data: [makeMessage(1)], pagination: { cursor: null, has_more: false } }),
  ]
  const { user } = open(1, { handlers: { 'messages.list': () => (answers.shift() ?? (() => undefined))() } })
  expect(await screen.findByText('req_1')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await row(1)
})

test('a missing folder offers the inbox', async () => {
  window.history.replaceState(null, '', '/mail/hana@example.com/fld_x')
  const { user } = open(1, {
    handlers: {
      'messages.list': (input: { folder?: string }) =>
        input.folder === 'inbox'
          ? { data: [makeMessage(1)], pagination: { cursor: null, has_more: false } }
          : Promise.reject(refusal('NOT_FOUND')),
    },
  })
  await user.click(await screen.findByRole('button', { name: 'Go to the inbox' }))
  await row(1)
})

test('somebody else’s mailbox is not shown', async () => {
  window.history.replaceState(null, '', '/mail/ken@example.com/inbox')
  open()
  expect(await screen.findByText('You cannot open this mailbox')).toBeTruthy()
})

test('one page is read until the end of the list comes near', async () => {
  const { called } = open(60)
  await row(60)
  expect(called('messages.list')).toHaveLength(1)
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('60')
})

test('a new tag is created and applied', async () => {
  const { user, called } = open()
  await row(3)
  await user.keyboard('jl')
  await user.click(await screen.findByRole('menuitem', { name: 'New tag…' }))
  await user.type(await screen.findByLabelText('Name'), 'invoices{Enter}')
  await waitFor(() =>
    expect(called('messages.batch')).toEqual([{ ids: [makeMessage(3).id], action: 'add_tag', tag: 'invoices' }]),
  )
  expect(await screen.findByText('Tagged “invoices”')).toBeTruthy()
})

test('a message in the trash is restored, or deleted for good after confirmation', async () => {
  window.history.replaceState(null, '', '/mail/hana@example.com/trash')
  const { user, called, state } = open(0)
  state.messages = [makeMessage(2, { folder: 'trash' }), makeMessage(1, { folder: 'trash' })]
  await row(2)
  await user.keyboard('j#')
  expect(called('messages.batch')).toEqual([])
  await user.click(await screen.findByRole('button', { name: 'Delete for good' }))
  await gone(2)
  await user.keyboard('je')
  await gone(1)
  expect(called('messages.batch')).toEqual([
    { ids: [makeMessage(2).id], action: 'purge' },
    { ids: [makeMessage(1).id], action: 'restore' },
  ])
})

test('Enter opens the row that the keys moved to', async () => {
  const { user } = open()
  await row(3)
  await user.keyboard('jj')
  await waitFor(() => expect(document.activeElement?.closest('[role="row"]')?.textContent).toContain('Subject 2'))
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('heading', { name: 'Subject 2' })).toBeTruthy()
})

test('the palette opens a folder by name', async () => {
  const { user } = open()
  await row(3)
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByPlaceholderText('Type a command or a folder'), 'rece{Enter}')
  await waitFor(() => expect(window.location.pathname).toContain('/fld_'))
})

test('single-key shortcuts can be switched off', async () => {
  const { user, called } = open()
  await row(3)
  await user.keyboard('?')
  await user.click(await screen.findByRole('switch', { name: 'Single-key shortcuts' }))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await user.keyboard('je')
  expect(called('messages.batch')).toEqual([])
  expect(document.cookie).toContain('mairust_shortcuts=off')
})
