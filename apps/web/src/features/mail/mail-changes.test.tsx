import { act, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'

import { FakeEventSource } from '#testing/event-source.ts'
import { refusal } from '#testing/fake-api.tsx'
import { fakeMailbox, makeMessage } from '#testing/messages.ts'
import { gone, openMail, row } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

beforeEach(() => {
  vi.stubGlobal('EventSource', FakeEventSource)
  window.history.replaceState(null, '', '/mail/hana@example.com/inbox')
})

type Batch = { ids: string[]; action: string; folder?: string }
type Answer = { data: { updated: number; failed: { id: string; code: string }[] } }
const idOf = (n: number) => makeMessage(n).id
const fail = (...numbers: number[]): Answer => ({
  data: { updated: 0, failed: numbers.map((n) => ({ id: idOf(n), code: 'NOT_FOUND' })) },
})
const changed = (mailboxId = makeMessage(1).mailbox_id) =>
  act(() => FakeEventSource.open[0]?.say(JSON.stringify({ mailbox_id: mailboxId })))
const reader = () => screen.findByRole('article')
const tick = async (user: ReturnType<typeof openMail>['user'], n: number) =>
  user.click(within(await row(n)).getByRole('checkbox'))
const click = async (user: ReturnType<typeof openMail>['user'], n: number) =>
  user.click(within(await row(n)).getByRole('link'))

test("the reader's buttons act on the open message, whatever is ticked", async () => {
  const { user, called } = openMail(9)
  await click(user, 8)
  await within(await reader()).findByRole('heading', { name: 'Subject 8' })
  await tick(user, 3)
  await tick(user, 4)
  await user.click(within(await reader()).getByRole('button', { name: /Move to trash/ }))
  await gone(8)
  expect(called('messages.batch')).toContainEqual({ ids: [idOf(8)], action: 'trash' })
  expect(await row(3)).toBeTruthy()
  expect(await row(4)).toBeTruthy()
})

test("the reader's menus open at the reader and act on the open message", async () => {
  const { user, called } = openMail(9)
  await click(user, 8)
  await within(await reader()).findByRole('heading', { name: 'Subject 8' })
  await tick(user, 3)
  await user.click(within(await reader()).getByRole('button', { name: /^Move to folder/ }))
  await user.click(await screen.findByRole('menuitem', { name: 'Receipts' }))
  await gone(8)
  expect(called('messages.batch').filter((call) => (call as Batch).action === 'move')).toMatchObject([
    { ids: [idOf(8)] },
  ])
})

test('opening a message lets go of what was ticked', async () => {
  const { user } = openMail(5)
  await tick(user, 3)
  await screen.findByText('1 selected')
  await click(user, 5)
  await within(await reader()).findByRole('heading', { name: 'Subject 5' })
  expect(screen.queryByText('1 selected')).toBeNull()
})

test('a search from the trash treats what it finds by where it is', async () => {
  window.history.replaceState(null, '', '/mail/hana@example.com/trash')
  const { user, called } = openMail(3, { search: 'q=Subject' })
  await row(3)
  await user.keyboard('jx')
  const bar = await screen.findByRole('toolbar', { name: 'Actions for the selected messages' })
  expect(within(bar).queryByRole('button', { name: /Delete for good|Restore/ })).toBeNull()
  await user.keyboard('#')
  await gone(3)
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(called('messages.batch')).toEqual([{ ids: [idOf(3)], action: 'trash' }])
})

test('what is found in the trash is restored from the search, too', async () => {
  const { user, state } = openMail(0, { search: 'q=Subject' })
  state.messages = [makeMessage(2, { folder: 'trash' })]
  await row(2)
  await user.keyboard('jx')
  const bar = await screen.findByRole('toolbar', { name: 'Actions for the selected messages' })
  expect(within(bar).getByRole('button', { name: /Restore/ })).toBeTruthy()
})

test('an undo waits for what it undoes', async () => {
  const fake = fakeMailbox(0)
  const first = Promise.withResolvers<Answer>()
  const answers = [first.promise]
  const { user, called, state } = openMail(3, {
    handlers: {
      'messages.batch': async (input: Batch) => (await answers.shift()) ?? apply(input),
    },
  })
  const apply = (input: Batch): Answer => {
    fake.state.messages = state.messages
    const answer = fake.handlers['messages.batch'](input)
    state.messages = fake.state.messages
    return answer
  }
  await row(3)
  await user.keyboard('j#z')
  await row(3)
  expect(called('messages.batch')).toEqual([{ ids: [idOf(3)], action: 'trash' }])
  first.resolve(apply({ ids: [idOf(3)], action: 'trash' }))
  await waitFor(() => expect(called('messages.batch').at(-1)).toEqual({ ids: [idOf(3)], action: 'restore' }))
  await waitFor(() => expect(state.messages.every(({ folder }) => folder === 'inbox')).toBe(true))
  await row(3)
})

test('what is refused comes back, and what was done since stays done', async () => {
  const first = Promise.withResolvers<Answer>()
  const { user, called } = openMail(4, {
    handlers: {
      'messages.batch': ({ action }: Batch) =>
        action === 'trash' ? first.promise : { data: { updated: 1, failed: [] } },
    },
  })
  await row(4)
  await user.keyboard('j#')
  await gone(4)
  await user.keyboard('e')
  await gone(3)
  first.reject(refusal('UNAVAILABLE'))
  await row(4)
  await waitFor(() => expect(called('messages.batch')).toHaveLength(2))
  await gone(3)
})

test('new mail that comes while a change is refused is not lost', async () => {
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

test('of messages that could only partly be changed the rest is done, said in its own words, and can be undone', async () => {
  const { user, called } = openMail(3, {
    handlers: { 'messages.batch': ({ action }: Batch) => (action === 'trash' ? fail(2) : fail()) },
  })
  await row(3)
  await user.keyboard('jxJ#')
  expect(await screen.findByText('One message could not be changed')).toBeTruthy()
  expect(screen.getByText(/Others may have moved or deleted them/)).toBeTruthy()
  expect(screen.queryByText(/Check your connection/)).toBeNull()
  await gone(3)
  await row(2)
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(called('messages.batch').at(-1)).toEqual({ ids: [idOf(3)], action: 'restore' }))
})

test('when nothing could be changed no undo is offered', async () => {
  const { user } = openMail(3, { handlers: { 'messages.batch': () => fail(3) } })
  await row(3)
  await user.keyboard('js')
  expect(await screen.findByText('One message could not be changed')).toBeTruthy()
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull())
})

test('the keys go on from the open message in the list of unread mail', async () => {
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

test('a list of another mailbox is read anew after it has changed', async () => {
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

test('the open message learns of what was done to it elsewhere', async () => {
  const { user, state } = openMail(3)
  await click(user, 2)
  await within(await reader()).findByRole('heading', { name: 'Subject 2' })
  state.messages = state.messages.map((message) => (message.id === idOf(2) ? { ...message, tags: ['ops'] } : message))
  changed()
  expect(await within(await reader()).findByText('ops')).toBeTruthy()
  // It is in the first page of the list no longer: it is read by itself.
  state.messages = state.messages.map((message) =>
    message.id === idOf(2) ? { ...message, folder: 'trash', tags: [] } : message,
  )
  changed()
  await waitFor(async () => expect(within(await reader()).queryByText('ops')).toBeNull())
})

test('what comes back by an undo is not announced as new mail', async () => {
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

test('all messages that match are chosen and changed in calls of a thousand, after the count was confirmed', async () => {
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

test('when the server fails between two calls, what was done is done and the rest is counted', async () => {
  const answers = [() => fail(), () => Promise.reject(refusal('UNAVAILABLE'))]
  const { user } = openMail(1203, { handlers: { 'messages.batch': () => (answers.shift() ?? (() => fail()))() } })
  await row(1203)
  await user.click(screen.getByRole('checkbox', { name: 'Select all' }))
  await user.click(await screen.findByRole('button', { name: 'Select all 1,203 that match' }))
  await user.keyboard('#')
  await user.click(await screen.findByRole('button', { name: 'Move 1,203 messages to trash' }))
  expect(await screen.findByText('203 messages could not be changed')).toBeTruthy()
})

test('what is chosen in one list is not chosen in the next', async () => {
  const { user } = openMail(3)
  await tick(user, 3)
  await screen.findByText('1 selected')
  await user.click(screen.getByRole('link', { name: 'All mail' }))
  await row(3)
  expect(screen.queryByText('1 selected')).toBeNull()
})

test('choosing all is given up with Escape', async () => {
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
