import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import { refusal, renderPage } from '#testing/fake-api.tsx'
import { makeDetail } from '#testing/messages.ts'
import { ID, openReader, Reader } from '#testing/reader.tsx'

test('what is longer than is shown says so, with a link to all of it', async () => {
  const { user } = openReader({ truncated: ['text', 'to'] })
  expect((await screen.findByText(/longer than the page can show/)).closest('article')?.textContent).toContain('Hello')
  const download = screen.getByRole('link', { name: 'Download .eml' })
  expect(download.getAttribute('href')).toBe(`/api/v1/messages/${ID}/raw`)
  expect(screen.queryByText(/names more people/)).toBeNull()
  await user.click(screen.getByRole('button', { expanded: false, name: /^to/ }))
  expect(screen.getByText(/names more people/)).toBeTruthy()
})

test('HTML that is shown whole says nothing of its text', async () => {
  openReader({ html: '<p>Hello</p>', truncated: ['text'] })
  await screen.findByTitle('Content of “Subject 1”')
  expect(screen.queryByText(/longer than the page can show/)).toBeNull()
})

test('HTML is shown in a sandboxed frame, its images only on request', async () => {
  const { user } = openReader({ html: '<p>Hello</p>', blocked_images: 2 })
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
  const { user } = openReader({ html: '<p>Hello</p>', text: 'Plain words' })
  await screen.findByTitle('Content of “Subject 1”')
  await user.click(screen.getByRole('button', { name: 'More' }))
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Show as plain text' }))
  expect(screen.getByText('Plain words')).toBeTruthy()
  expect(screen.queryByTitle('Content of “Subject 1”')).toBeNull()
})

test('plain text has links and folded quotes, but no markup', async () => {
  openReader({ text: 'See https://example.com/x\n> one\n> two\n> three\n<img src=x onerror=alert(1)>' })
  const link = await screen.findByRole('link', { name: 'https://example.com/x' })
  expect(link.getAttribute('rel')).toContain('noopener')
  expect(screen.getByText('3 quoted lines')).toBeTruthy()
  expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeTruthy()
})

test.each([
  ['too_large' as const, /too large to show safely/],
  ['timed_out' as const, /too long to check/],
])('a fallback to text says why: %s', async (html_fallback, words) => {
  openReader({ html_fallback })
  expect(await screen.findByText(words)).toBeTruthy()
})

test('a message that could not be parsed says so and can be downloaded', async () => {
  openReader({ parse_error: 'there are over 1000 parts' })
  expect(await screen.findByText('This message could not be parsed')).toBeTruthy()
  expect(screen.queryByText(/over 1000 parts/)).toBeNull()
  expect(screen.getByRole('link', { name: 'Download .eml' }).getAttribute('href')).toBe(`/api/v1/messages/${ID}/raw`)
})

test('an empty message says so', async () => {
  openReader({ text: ' ', subject: '' })
  expect(await screen.findByText('This message has no text.')).toBeTruthy()
  expect(screen.getByRole('heading', { name: '(no subject)' })).toBeTruthy()
})

test('attachments are downloads; images of the body are not listed', async () => {
  const file = { content_type: 'application/pdf', size: 2048, content_id: null, inline: false }
  openReader({
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

test('the frame has the language of the page', async () => {
  renderPage(<Reader onClose={vi.fn()} />, {
    locale: 'ja',
    handlers: { 'messages.get': () => ({ data: makeDetail(1, { html: '<p>Hello</p>' }) }) },
  })
  expect((await screen.findByTitle('「Subject 1」の本文')).getAttribute('src')).toBe(`/m/${ID}/body?lang=ja`)
})

test('a long subject is cut to three lines until it is unfolded', async () => {
  const height = vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(9000)
  const { user } = openReader({ subject: 'very '.repeat(200) })
  const subject = await screen.findByRole('heading', { level: 1 })
  expect(subject.className).toContain('line-clamp-3')
  await user.click(screen.getByRole('button', { name: 'Show all of the subject' }))
  expect(subject.className).not.toContain('line-clamp-3')
  expect(screen.getByRole('button', { name: 'Show less' }).getAttribute('aria-expanded')).toBe('true')
  height.mockRestore()
})

test('a short subject has nothing to unfold', async () => {
  openReader()
  await screen.findByRole('heading', { level: 1 })
  expect(screen.queryByRole('button', { name: 'Show all of the subject' })).toBeNull()
})

test('sender and recipients unfold', async () => {
  const { user } = openReader({
    cc: [{ name: 'Ken', address: 'ken@example.com' }],
    reply_to: [{ name: '', address: 'list@example.com' }],
  })
  await user.click(await screen.findByRole('button', { name: /to hana@example.com, Ken/ }))
  expect(screen.getByText('Ken <ken@example.com>')).toBeTruthy()
  expect(screen.getByText('list@example.com')).toBeTruthy()
})

test('a deleted message says so, and a failed load shows its request id', async () => {
  const gone = openReader({}, { 'messages.get': () => Promise.reject(refusal('NOT_FOUND')) })
  const main = within(
    await screen.findByText('Message not found').then((title) => title.parentElement ?? document.body),
  )
  await gone.user.click(main.getByRole('button', { name: 'Close message' }))
  expect(gone.onClose).toHaveBeenCalledTimes(1)
  gone.unmount()
  openReader({}, { 'messages.get': () => Promise.reject(refusal('UNAVAILABLE')) })
  expect(await screen.findByText('The server is busy.')).toBeTruthy()
  expect(screen.getByText('req_1')).toBeTruthy()
})
