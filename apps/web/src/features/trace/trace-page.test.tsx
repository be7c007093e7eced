import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'

import type { User } from '#lib/types.ts'
import { refusal, renderPage, type PageOptions } from '#testing/fake-api.tsx'
import { fakeMailbox } from '#testing/messages.ts'

import { TracePage } from './trace-page.tsx'

const journey = (n: number, values: object = {}) => ({
  id: `jrn_${String(n).padStart(26, '0')}`,
  direction: 'inbound',
  status: 'accepted',
  from: 'sender@example.net',
  to: [`ann${String(n)}@example.com`],
  started_at: '2026-11-27T09:30:00.000Z',
  remote_address: '192.0.2.1',
  helo: 'mx',
  reply: '250 2.0.0 Accepted',
  reason: null,
  steps: [],
  ...values,
})
const step = {
  at: '2026-11-27T09:30:00.000Z',
  ms: 3,
  kind: 'rcpt',
  name: 'ann2@example.com',
  result: 'refused',
  detail: 'unknown',
  recipient: 'ann2@example.com',
}
const refused = journey(2, {
  status: 'refused',
  reply: '550 5.1.1 No such mailbox here',
  reason: 'unknown',
  steps: [step],
})
const page = (data: object[], cursor: string | null = null) => ({
  data,
  pagination: { cursor, has_more: cursor !== null },
})

function open(
  answer: (input: Record<string, unknown>) => unknown,
  { handlers, ...options }: Partial<PageOptions> = {},
) {
  const view = renderPage(<TracePage user={fakeMailbox(0).user} />, {
    ...options,
    handlers: { 'journeys.get': () => Promise.reject(refusal('UNAVAILABLE')), 'journeys.list': answer, ...handlers },
  })
  return { ...view, user: userEvent.setup() }
}

test('“my mail did not arrive”: the page finds the refusal by address and explains it step by step', async () => {
  const { user, called } = open(({ address }) => page(address === undefined ? [journey(1), refused] : [refused]))
  expect(await screen.findAllByRole('listitem')).not.toHaveLength(0)
  await user.type(screen.getByLabelText('Sender or recipient'), 'ann2@example.com{Enter}')
  await waitFor(() => expect(screen.queryByText(/ to ann1@/)).toBeNull())
  expect(called('journeys.list').at(-1)).toEqual({ address: 'ann2@example.com' })
  await user.click(screen.getByText(/sender@example.net to ann2@/))
  const results = within(screen.getByRole('region', { name: 'Journeys' }))
  expect(results.getByText('550 5.1.1 No such mailbox here')).toBeTruthy()
  expect(results.getByText('Recipient checked')).toBeTruthy()
})

test('an opened journey has all recipients and steps, of which its list has the first', async () => {
  const steps = [step, { ...step, name: 'last@example.com', recipient: 'last@example.com' }]
  const { user, called } = open(() => page([refused]), {
    handlers: { 'journeys.get': () => ({ data: { ...refused, to: [...refused.to, 'last@example.com'], steps } }) },
  })
  await user.click(await screen.findByText(/ to ann2@/))
  const results = within(screen.getByRole('region', { name: 'Journeys' }))
  expect(await results.findAllByText('Recipient checked')).toHaveLength(2)
  expect(results.getAllByText('last@example.com')).toHaveLength(2)
  expect(called('journeys.get')).toEqual([{ id: refused.id }])
})

test('the URL holds the search with every filter', async () => {
  const search =
    'address=a%40b.example&message_id=m&status=refused&direction=inbound&remote_address=192.0.2.1&reason=unknown&after=2026-11-26T00:00:00.000Z&before=2026-11-27T00:00:00.000Z'
  const { called } = open(() => page([refused]), { search })
  await screen.findByText(/ to ann2@/)
  expect(called('journeys.list')).toEqual([Object.fromEntries(new URLSearchParams(search))])
})

test('a search without results says so and can be cleared', async () => {
  const { user } = open(({ reason }) => page(reason === undefined ? [journey(1)] : []), { search: 'reason=nothing' })
  expect(await screen.findByText('No journey found')).toBeTruthy()
  const results = within(screen.getByRole('region', { name: 'Journeys' }))
  await user.click(results.getByRole('button', { name: 'Clear' }))
  expect(await screen.findByText(/ to ann1@/)).toBeTruthy()
})

test('an empty page and a failure are shown in Japanese', async () => {
  const answers: unknown[] = [refusal('INTERNAL_ERROR'), page([])]
  const { user } = open(
    () => {
      const answer = answers.shift()
      return answer instanceof Error ? Promise.reject(answer) : answer
    },
    { locale: 'ja' },
  )
  await user.click(await screen.findByRole('button', { name: '再試行' }))
  expect(await screen.findByText('まだメールがありません')).toBeTruthy()
})

test('shows further pages on request', async () => {
  const { user, called } = open(({ cursor }) => (cursor === 'next' ? page([journey(3)]) : page([journey(1)], 'next')))
  await user.click(await screen.findByRole('button', { name: 'Show more' }))
  expect(await screen.findByText(/ to ann3@/)).toBeTruthy()
  expect(called('journeys.list')).toEqual([{}, { cursor: 'next' }])
})

test.each([
  ['en', /The disk is full/],
  ['ja', /ディスクの空き容量がないため/],
] as const)('tells administrators in %s that mail is refused because the disk is full', async (locale, words) => {
  const health = {
    status: 'degraded',
    checks: { disk: 'full' },
    free_bytes: 1024 * 1024,
    reserve_bytes: 64 * 1024 * 1024,
  }
  const user = { ...fakeMailbox(0).user, permissions: ['setting:read'] } satisfies User
  const handlers = { 'journeys.list': () => page([]), 'health.get': () => ({ data: health }) }
  renderPage(<TracePage user={user} />, { handlers, locale })
  expect((await screen.findByText(words)).textContent).toContain('64')
})

test('shows no notice while the disk has space, and asks only for administrators', async () => {
  const room = { status: 'ok', checks: { disk: 'ok' }, free_bytes: 1e12, reserve_bytes: 64 * 1024 * 1024 }
  const user = { ...fakeMailbox(0).user, permissions: ['setting:read'] } satisfies User
  const handlers = { 'journeys.list': () => page([]), 'health.get': () => ({ data: room }) }
  const { called, unmount } = renderPage(<TracePage user={user} />, { handlers })
  await waitFor(() => expect(called('health.get')).toHaveLength(1))
  await screen.findByText('No mail yet')
  expect(screen.queryByText(/disk is full/)).toBeNull()
  unmount()
  const ofUser = open(() => page([]))
  await screen.findByText('No mail yet')
  expect(ofUser.called('health.get')).toEqual([])
})
