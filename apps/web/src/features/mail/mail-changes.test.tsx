import { screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { refusal } from '#testing/fake-api.tsx'
import { fakeMailbox, makeMessage } from '#testing/messages.ts'
import { type Answer, type Batch, click, failed, gone, idOf, openMail, reader, row, tick } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

test("the reader's buttons act on the open message, whatever is selected", async () => {
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

test('a search from the trash offers actions by the folder of each result', async () => {
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

test('a search result in the trash can be restored', async () => {
  const { user, state } = openMail(0, { search: 'q=Subject' })
  state.messages = [makeMessage(2, { folder: 'trash' })]
  await row(2)
  await user.keyboard('jx')
  const bar = await screen.findByRole('toolbar', { name: 'Actions for the selected messages' })
  expect(within(bar).getByRole('button', { name: /Restore/ })).toBeTruthy()
})

test('an undo waits for its change', async () => {
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

test('a refused change is taken back, and later changes stay', async () => {
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

test('when some messages could not be changed, the notice says so and the others can be undone', async () => {
  const { user, called } = openMail(3, {
    handlers: { 'messages.batch': ({ action }: Batch) => (action === 'trash' ? failed(2) : failed()) },
  })
  await row(3)
  await user.keyboard('jxJ#')
  expect(await screen.findByText('One message could not be changed')).toBeTruthy()
  expect(screen.getByText(/Somebody else may have moved or deleted them/)).toBeTruthy()
  expect(screen.queryByText(/Check your connection/)).toBeNull()
  await gone(3)
  await row(2)
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(called('messages.batch').at(-1)).toEqual({ ids: [idOf(3)], action: 'restore' }))
})

test('no undo is offered when nothing could be changed', async () => {
  const { user } = openMail(3, { handlers: { 'messages.batch': () => failed(3) } })
  await row(3)
  await user.keyboard('js')
  expect(await screen.findByText('One message could not be changed')).toBeTruthy()
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull())
})
