import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'

import type { MessageDetail } from '#lib/types.ts'
import { refusal, renderPage, type Handlers } from '#testing/fake-api.tsx'
import { makeDetail } from '#testing/messages.ts'

import type { ReaderTab } from '../use-mail-location.ts'
import { MessageReader } from './message-reader.tsx'

const ID = makeDetail(1).id

function Reader({ onClose }: { onClose: () => void }) {
  const [tab, setTab] = useState<ReaderTab>('message')
  const [images, setImages] = useState(false)
  return (
    <MessageReader
      id={ID}
      tab={tab}
      onTab={setTab}
      images={images}
      onShowImages={() => setImages(true)}
      tags={new Map()}
      actions={<i />}
      onClose={onClose}
      onPrevious={undefined}
      onNext={undefined}
    />
  )
}

function open(changes: Partial<MessageDetail> = {}, handlers: Handlers = {}) {
  const onClose = vi.fn()
  const page = renderPage(<Reader onClose={onClose} />, {
    handlers: { 'messages.get': () => ({ data: makeDetail(1, changes) }), ...handlers },
  })
  return { ...page, onClose, user: userEvent.setup() }
}

test('what is longer than is shown says so, with a link to all of it', async () => {
  const { user } = open({ truncated: ['text', 'to'] })
  expect((await screen.findByText(/longer than the page can show/)).closest('article')?.textContent).toContain('Hello')
  const download = screen.getByRole('link', { name: 'Download .eml' })
  expect(download.getAttribute('href')).toBe(`/api/v1/messages/${ID}/raw`)
  expect(screen.queryByText(/names more people/)).toBeNull()
  await user.click(screen.getByRole('button', { expanded: false, name: /^to/ }))
  expect(screen.getByText(/names more people/)).toBeTruthy()
})

test('HTML that is shown whole says nothing of its text', async () => {
  open({ html: '<p>Hello</p>', truncated: ['text'] })
  await screen.findByTitle('Content of “Subject 1”')
  expect(screen.queryByText(/longer than the page can show/)).toBeNull()
})

test('HTML is shown in a sandboxed frame, its images only on request', async () => {
  const { user } = open({ html: '<p>Hello</p>', blocked_images: 2 })
  const frame = await screen.findByTitle('Content of “Subject 1”')
  expect(frame.getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox')
  expect(frame.getAttribute('referrerpolicy')).toBe('no-referrer')
  expect(frame.getAttribute('src')).toBe(`/m/${ID}/body?lang=en`)
  expect(screen.getByText(/2 remote images are blocked/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Show images' }))
  expect(screen.getByTitle('Content of “Subject 1”').getAttribute('src')).toBe(`/m/${ID}/body?lang=en&images=1`)
  expect(screen.queryByText(/are blocked/)).toBeNull()
})

test('the plain text can be shown', async () => {
  const { user } = open({ html: '<p>Hello</p>', text: 'Plain words' })
  await screen.findByTitle('Content of “Subject 1”')
  await user.click(screen.getByRole('button', { name: 'More' }))
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Show as plain text' }))
  expect(screen.getByText('Plain words')).toBeTruthy()
  expect(screen.queryByTitle('Content of “Subject 1”')).toBeNull()
})

test('plain text has links and folded quotes, but no markup', async () => {
  open({ text: 'See https://example.com/x\n> one\n> two\n> three\n<img src=x onerror=alert(1)>' })
  const link = await screen.findByRole('link', { name: 'https://example.com/x' })
  expect(link.getAttribute('rel')).toContain('noopener')
  expect(screen.getByText('3 quoted lines')).toBeTruthy()
  expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeTruthy()
})

test.each([
  ['too_large' as const, /too large to show safely/],
  ['timed_out' as const, /too long to check/],
])('a fallback to text says why: %s', async (html_fallback, words) => {
  open({ html_fallback })
  expect(await screen.findByText(words)).toBeTruthy()
})

test('a message that could not be parsed says so and can be downloaded', async () => {
  open({ parse_error: 'there are over 1000 parts' })
  expect(await screen.findByText('This message could not be parsed')).toBeTruthy()
  expect(screen.queryByText(/over 1000 parts/)).toBeNull()
  expect(screen.getByRole('link', { name: 'Download .eml' }).getAttribute('href')).toBe(`/api/v1/messages/${ID}/raw`)
})

test('an empty message says so', async () => {
  open({ text: ' ', subject: '' })
  expect(await screen.findByText('This message has no text.')).toBeTruthy()
  expect(screen.getByRole('heading', { name: '(no subject)' })).toBeTruthy()
})

test('attachments are downloads; images of the body are not listed', async () => {
  const file = { content_type: 'application/pdf', size: 2048, content_id: null, inline: false }
  open({
    attachments: [
      { ...file, index: 0, filename: '請求書.pdf' },
      { ...file, index: 1, filename: '', content_type: 'application/zip' },
      { ...file, index: 2, filename: 'a.xlsx', content_type: 'application/octet-stream' },
      { ...file, index: 3, filename: 'logo.png', content_type: 'image/png', inline: true },
      { ...file, index: 4, filename: 'photo.png', content_type: 'image/png' },
      { ...file, index: 5, filename: 'x', content_type: 'a/b' },
    ],
  })
  const strip = within(await screen.findByRole('region', { name: '5 attachments' }))
  expect(
    strip.getAllByRole('link').map((link) => [link.getAttribute('download'), link.getAttribute('href')]),
  ).toContainEqual(['請求書.pdf', `/api/v1/messages/${ID}/attachments/0`])
  expect(strip.getByRole('link', { name: '請求書.pdf, 2 KB' })).toBeTruthy()
  expect(strip.getByText('Attachment 2')).toBeTruthy()
  expect(strip.getByText('.xlsx').previousElementSibling?.textContent).toBe('a')
  expect(strip.queryByText('logo.png')).toBeNull()
})

test.each([
  [{ spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' }, 'Sender not checked'],
  [{ spf: 'pass', dkim: 'none', dmarc: 'pass', arc: 'none' }, 'Verified: kurashi.example'],
  [{ spf: 'pass', dkim: 'fail', dmarc: 'none', arc: 'none' }, 'Could not verify sender'],
  [{ spf: 'fail', dkim: 'fail', dmarc: 'fail', arc: 'none' }, 'Not from kurashi.example'],
])('the checks %j show as: %s', async (results, words) => {
  const { user } = open({ authentication: { ...results, junk_reason: null, checks: [] } })
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

test('the frame has the language of the page', async () => {
  renderPage(<Reader onClose={vi.fn()} />, {
    locale: 'ja',
    handlers: { 'messages.get': () => ({ data: makeDetail(1, { html: '<p>Hello</p>' }) }) },
  })
  expect((await screen.findByTitle('「Subject 1」の本文')).getAttribute('src')).toBe(`/m/${ID}/body?lang=ja`)
})

test('a long subject is cut to three lines until it is unfolded', async () => {
  const height = vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(9000)
  const { user } = open({ subject: 'very '.repeat(200) })
  const subject = await screen.findByRole('heading', { level: 1 })
  expect(subject.className).toContain('line-clamp-3')
  await user.click(screen.getByRole('button', { name: 'Show all of the subject' }))
  expect(subject.className).not.toContain('line-clamp-3')
  expect(screen.getByRole('button', { name: 'Show less' }).getAttribute('aria-expanded')).toBe('true')
  height.mockRestore()
})

test('a short subject has nothing to unfold', async () => {
  open()
  await screen.findByRole('heading', { level: 1 })
  expect(screen.queryByRole('button', { name: 'Show all of the subject' })).toBeNull()
})

test('sender and recipients unfold', async () => {
  const { user } = open({
    cc: [{ name: 'Ken', address: 'ken@example.com' }],
    reply_to: [{ name: '', address: 'list@example.com' }],
  })
  await user.click(await screen.findByRole('button', { name: /to hana@example.com, Ken/ }))
  expect(screen.getByText('Ken <ken@example.com>')).toBeTruthy()
  expect(screen.getByText('list@example.com')).toBeTruthy()
})

test('the headers tab shows the route of the message and every field', async () => {
  const { user } = open({
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
  const { user } = open({ size: 300_000 })
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
  const { user } = open({}, { 'messages.journey': () => ({ data: journey }) })
  await user.click(await screen.findByRole('tab', { name: 'Trace' }))
  expect(await screen.findByText('jrn_1')).toBeTruthy()
  expect(screen.getByText('Connected')).toBeTruthy()
  expect(screen.getByText('brand-new')).toBeTruthy()
  expect(screen.getByText('+1,000 ms', { exact: false })).toBeTruthy()
})

test('a missing trace says so, and other failures are shown as such', async () => {
  const answers = [refusal('NOT_FOUND'), refusal('INTERNAL_ERROR')]
  const { user } = open({}, { 'messages.journey': () => Promise.reject(answers.shift() ?? refusal('INTERNAL_ERROR')) })
  await user.click(await screen.findByRole('tab', { name: 'Trace' }))
  expect(await screen.findByText('There is no trace of this message')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Something went wrong on the server.')).toBeTruthy()
})

test('a deleted message says so, and a failed load shows its request id', async () => {
  const gone = open({}, { 'messages.get': () => Promise.reject(refusal('NOT_FOUND')) })
  const main = within(
    await screen.findByText('Message not found').then((title) => title.parentElement ?? document.body),
  )
  await gone.user.click(main.getByRole('button', { name: 'Close message' }))
  expect(gone.onClose).toHaveBeenCalledTimes(1)
  gone.unmount()
  open({}, { 'messages.get': () => Promise.reject(refusal('UNAVAILABLE')) })
  expect(await screen.findByText('The server is busy.')).toBeTruthy()
  expect(screen.getByText('req_1')).toBeTruthy()
})
