import { act, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import type { Handlers } from '#testing/fake-api.tsx'
import { changed, click, idOf, openMail, reader, row } from '#testing/open-mail.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

const HELD = ['messages.batch', 'messages.get', 'messages.list'] as const
type Held = (typeof HELD)[number]
type Made = 'when asked' | 'when answered'

/** Opens unread mail. After `hold` the next answer of each procedure waits; `made` says when reads take their data. */
function openUnread(made: Made) {
  const waiting = new Map<Held, () => void>()
  const toHold = new Set<Held>()
  const handlers = HELD.map((name) => {
    const answer = (input: unknown) => {
      const make = () => (page.fake.handlers as unknown as Record<Held, (input: unknown) => unknown>)[name](input)
      if (!toHold.delete(name)) return make()
      const early = made === 'when asked' && name !== 'messages.batch' ? make() : undefined
      return new Promise((resolve) => waiting.set(name, () => resolve(early ?? make())))
    }
    return [name, answer] as const
  })
  const page = openMail(3, { search: 'unread=true', handlers: Object.fromEntries(handlers) satisfies Handlers })
  return {
    ...page,
    hold: () => HELD.forEach((name) => toHold.add(name)),
    isHeld: (name: Held) => waiting.has(name),
    answer: (name: Held) => waiting.get(name)?.(),
  }
}

/** Lets pending timers without delay run and render. */
const turn = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)))

const isShownAsRead = async () => {
  await within(await reader()).findByRole('button', { name: /Mark as unread/ })
  expect(within(await row(3)).queryByText('Unread')).toBeNull()
}

const CASES = HELD.flatMap((first) => {
  const [second, third] = HELD.filter((name) => name !== first)
  return [
    [first, second, third],
    [first, third, second],
  ].flatMap((order) =>
    (['when asked', 'when answered'] as const).flatMap((made) =>
      ['at once', 'one by one'].map((pace) => ({ order: order.filter((name) => name !== undefined), made, pace })),
    ),
  )
})

test.each(CASES)('opened unread mail shows as read when answers made $made arrive $pace: $order', async (one) => {
  const { user, called, hold, isHeld, answer } = openUnread(one.made)
  await row(3)
  hold()
  changed()
  await waitFor(() => expect(isHeld('messages.list')).toBe(true))
  await click(user, 3)
  await waitFor(() => expect(HELD.every(isHeld)).toBe(true))
  if (one.pace === 'at once') act(() => one.order.forEach(answer))
  for (const name of one.pace === 'at once' ? [] : one.order) {
    act(() => answer(name))
    await turn()
  }
  await turn()
  await isShownAsRead()

  const reads = called('messages.list').length
  changed()
  await waitFor(() => expect(called('messages.list').length).toBeGreaterThan(reads))
  await turn()
  await isShownAsRead()
  await user.keyboard('u')
  await waitFor(() => expect(called('messages.batch')).toHaveLength(2))
  expect(called('messages.batch')[1]).toEqual({ ids: [idOf(3)], action: 'mark_unseen' })
})

test('a change to the open message after it left the list persists', async () => {
  const { user, called, state } = openMail(3, { search: 'unread=true' })
  await click(user, 3)
  await within(await reader()).findByRole('heading', { name: 'Subject 3' })
  await waitFor(() => expect(state.messages[0]?.seen).toBe(true))
  const reads = called('messages.list').length
  changed()
  await waitFor(() => expect(called('messages.list').length).toBeGreaterThan(reads))
  await turn()
  await user.keyboard('s')
  await waitFor(() => expect(state.messages[0]?.starred).toBe(true))
  await turn()
  await within(await row(3)).findByRole('button', { name: 'Remove star', pressed: true })
  await user.keyboard('s')
  await waitFor(() => expect(called('messages.batch').at(-1)).toEqual({ ids: [idOf(3)], action: 'unstar' }))
})

test('a change made elsewhere to the open message after it left the list shows in its row', async () => {
  const { user, state } = openMail(3, { search: 'unread=true' })
  await click(user, 3)
  await within(await reader()).findByRole('heading', { name: 'Subject 3' })
  await waitFor(() => expect(state.messages[0]?.seen).toBe(true))
  state.messages = state.messages.map((message) => (message.id === idOf(3) ? { ...message, tags: ['ops'] } : message))
  changed()
  expect((await within(await row(3)).findAllByText('ops')).length).toBeGreaterThan(0)
})
