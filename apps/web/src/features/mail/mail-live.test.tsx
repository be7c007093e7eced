import { screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { refusal } from '#testing/fake-api.tsx'
import { fakeMailbox, makeMessage } from '#testing/messages.ts'
import { type Answer, changed, click, gone, idOf, openMail, reader, row } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

test('new mail that arrives while a change is refused is not lost', async () => {
  const first = Promise.withResolvers<Answer>()
  const { user, state } = openMail(3, { handlers: { 'messages.batch': () => first.promise } })
  await row(3)
  await user.keyboard('j#')
  await gone(3)
  state.messages.unshift(makeMessage(4))
  changed()
  first.reject(refusal('UNAVAILABLE'))
  await row(3)
  await row(4)
})

test('in the list of unread mail, the keys move on from the open message', async () => {
  const { user } = openMail(5, { search: 'unread=true' })
  await click(user, 3)
  await within(await reader()).findByRole('heading', { name: 'Subject 3' })
  await waitFor(async () => expect(within(await row(3)).queryByText('Unread')).toBeNull())
  changed()
  await waitFor(async () => expect((await screen.findAllByRole('row')).length).toBe(5))
  await user.keyboard('j')
  expect(await screen.findByRole('heading', { name: 'Subject 2' })).toBeTruthy()
  await gone(3)
  await user.keyboard('{Escape}')
  changed()
  await gone(2)
  await user.keyboard('jo')
  expect(await screen.findByRole('heading', { name: 'Subject 1' })).toBeTruthy()
})

test('the list of another mailbox is read again after it has changed', async () => {
  const other = { ...fakeMailbox(0).mailbox, id: `mbx_${'1'.repeat(26)}`, address: 'desk@example.com' }
  const fake = fakeMailbox(0)
  const { user, called } = openMail(3, {
    handlers: {
      'mailboxes.list': () => ({ data: [fake.mailbox, other], pagination: { cursor: null, has_more: false } }),
    },
  })
  const reads = () =>
    called('messages.list').filter((input) => (input as { mailbox: string }).mailbox === other.address)
  const go = async (from: string, to: string) => {
    await user.click(await screen.findByRole('button', { name: `Mailbox ${from}, switch to another` }))
    await user.click(await screen.findByRole('menuitem', { name: to }))
    await row(3)
  }
  await row(3)
  await go(fake.mailbox.address, other.address)
  await go(other.address, fake.mailbox.address)
  expect(reads()).toHaveLength(1)
  const before = called('folders.list').length
  changed(other.id)
  await waitFor(() => expect(called('folders.list').length).toBeGreaterThan(before))
  await go(fake.mailbox.address, other.address)
  await waitFor(() => expect(reads()).toHaveLength(2))
})

test('the open message follows changes made elsewhere', async () => {
  const { user, state } = openMail(3)
  await click(user, 2)
  await within(await reader()).findByRole('heading', { name: 'Subject 2' })
  state.messages = state.messages.map((message) => (message.id === idOf(2) ? { ...message, tags: ['ops'] } : message))
  changed()
  expect(await within(await reader()).findByText('ops')).toBeTruthy()
  // It is no longer in the first page of the list, so it is fetched separately.
  state.messages = state.messages.map((message) =>
    message.id === idOf(2) ? { ...message, folder: 'trash', tags: [] } : message,
  )
  changed()
  await waitFor(async () => expect(within(await reader()).queryByText('ops')).toBeNull())
})

test('the row of the open message goes when it is removed elsewhere', async () => {
  const { user, state } = openMail(3)
  await click(user, 2)
  await within(await reader()).findByRole('heading', { name: 'Subject 2' })
  state.messages = state.messages.filter(({ id }) => id !== idOf(2))
  changed()
  await gone(2)
  expect(await within(await reader()).findByText('Message not found')).toBeTruthy()
})

test('a message that an undo brings back is not announced as new', async () => {
  const { user, state } = openMail(3)
  await row(3)
  await user.keyboard('j#')
  await gone(3)
  await user.keyboard('z')
  await row(3)
  expect(screen.queryByText(/new message/)).toBeNull()
  state.messages.unshift(makeMessage(4))
  changed()
  expect(await screen.findByText('1 new message has arrived')).toBeTruthy()
})
