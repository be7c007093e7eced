import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { refusal, renderPage } from '#testing/fake-api.tsx'
import { makeDetail } from '#testing/messages.ts'
import { openReader, Reader } from '#testing/reader.tsx'

test.each([
  [{ spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' }, 'Sender not checked'],
  [{ spf: 'pass', dkim: 'none', dmarc: 'pass', arc: 'none' }, 'Verified: kurashi.example'],
  [{ spf: 'pass', dkim: 'fail', dmarc: 'none', arc: 'none' }, 'Could not verify sender'],
  [{ spf: 'fail', dkim: 'fail', dmarc: 'fail', arc: 'none' }, 'Not from kurashi.example'],
])('the checks %j show as: %s', async (results, words) => {
  const { user } = openReader({ authentication: { ...results, junk_reason: null, checks: [] } })
  expect(await screen.findByText(words)).toBeTruthy()
  await user.click(screen.getByRole('tab', { name: 'Authentication' }))
  expect(screen.getByText('dmarc')).toBeTruthy()
})

test.each([
  ['en', 'None', 'Record', 'Filed in Junk when it arrived:'],
  ['ja', 'なし', 'レコード', '受信時に迷惑メールに振り分けられました:'],
] as const)('the records that decided are shown (%s)', async (locale, none, record, junk) => {
  const check = { selector: null, domain: 'q.example', record: null, reason: 'because' }
  const authentication = {
    spf: 'fail',
    dkim: 'none',
    dmarc: 'fail',
    arc: 'none',
    junk_reason: 'Neither SPF nor a signature',
    checks: [
      { ...check, method: 'spf' as const, result: 'fail', record: 'v=spf1 -all' },
      { ...check, method: 'dkim' as const, result: 'none', domain: null },
      { ...check, method: 'dmarc' as const, result: 'fail', record: 'v=DMARC1; p=quarantine' },
    ],
  }
  renderPage(<Reader onClose={vi.fn()} />, {
    locale,
    handlers: { 'messages.get': () => ({ data: makeDetail(1, { authentication }) }) },
  })
  await userEvent.click(await screen.findByRole('tab', { name: locale === 'en' ? 'Authentication' : '認証' }))
  for (const text of ['v=spf1 -all', 'v=DMARC1; p=quarantine', 'Neither SPF nor a signature']) screen.getByText(text)
  expect(screen.getByText(junk, { exact: false })).toBeTruthy()
  expect(screen.getByText(none)).toBeTruthy()
  expect(screen.getAllByText(record)).toHaveLength(2)
})

test('the headers tab shows the route of the message and every field', async () => {
  const { user } = openReader({
    headers: [
      { name: 'Received', value: 'from a.example by b.example with ESMTP; Mon, 23 Nov 2026 09:12:44 +0000' },
      { name: 'Received', value: 'from c.example by a.example; Mon, 23 Nov 2026 09:12:41 +0000' },
      { name: 'X-Odd', value: '<script>' },
    ],
  })
  await user.click(await screen.findByRole('tab', { name: 'Headers' }))
  expect(screen.getByText('a.example → b.example')).toBeTruthy()
  expect(screen.getByText(/\+3 seconds/)).toBeTruthy()
  expect(screen.getByText('3 header fields')).toBeTruthy()
  expect(screen.getByText('<script>')).toBeTruthy()
})

test('the source is shown unchanged, and a failed load can be retried', async () => {
  const answers = [
    new Response('{}', { status: 500 }),
    new Response('{}', { status: 500 }),
    new Response('Subject: x\r\n\r\nHello'),
  ]
  vi.stubGlobal('fetch', () => Promise.resolve(answers.shift()))
  const { user } = openReader({ size: 300_000 })
  await user.click(await screen.findByRole('tab', { name: 'Source' }))
  expect(screen.getByText('The first 256 KB of 293 KB. Download the message to see all of it.')).toBeTruthy()
  await user.click(await screen.findByRole('button', { name: 'Try again' }, { timeout: 5000 }))
  await waitFor(() => expect(screen.getByRole('region', { name: 'Source' }).textContent).toContain('Subject: x'))
  vi.unstubAllGlobals()
})

const journey = {
  id: 'jrn_1',
  reply: '',
  steps: [
    { at: '2026-01-01T00:00:00.000Z', ms: 0, kind: 'connect', name: 'inbound', result: 'info', detail: '192.0.2.1' },
    { at: '2026-01-01T00:00:01.000Z', ms: 1000, kind: 'brand-new', name: 'x', result: 'odd', detail: 'x' },
  ],
}

test('the trace shows every step, even of unknown kinds', async () => {
  const { user } = openReader({}, { 'messages.journey': () => ({ data: journey }) })
  await user.click(await screen.findByRole('tab', { name: 'Trace' }))
  expect(await screen.findByText('jrn_1')).toBeTruthy()
  expect(screen.getByText('Connected')).toBeTruthy()
  expect(screen.getByText('brand-new')).toBeTruthy()
  expect(screen.getByText('+1,000 ms', { exact: false })).toBeTruthy()
})

test('a missing trace says so, and other failures are shown as such', async () => {
  const answers = [refusal('NOT_FOUND'), refusal('INTERNAL_ERROR')]
  const { user } = openReader(
    {},
    { 'messages.journey': () => Promise.reject(answers.shift() ?? refusal('INTERNAL_ERROR')) },
  )
  await user.click(await screen.findByRole('tab', { name: 'Trace' }))
  expect(await screen.findByText('There is no trace of this message')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Something went wrong on the server.')).toBeTruthy()
})
