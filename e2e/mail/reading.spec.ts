import { HOSTILE, ISO_2022_JP, PLAIN, WITH_ATTACHMENTS, note } from '../fixtures/letters.ts'
import { sendRaw } from '../fixtures/mail.ts'
import { openFolder, refill, row } from '../fixtures/mailbox.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test.describe.configure({ mode: 'serial' })

test.beforeAll(({ product, rest }) => refill(product, rest, []))

test('four kinds of mail arrive in an open list and are read', async ({ adminPage: page, product }) => {
  await openFolder(page, product, 'inbox')
  await expect(page.getByRole('heading', { name: 'Inbox', exact: true })).toBeVisible()

  const reply = await sendRaw(product, ADMIN.email, PLAIN)
  expect(reply).toMatch(/^250 2\.0\.0 .*jrn_[0-9a-z]{26}/)
  // live arrival: the list is open and nothing is clicked
  await expect(row(page, 'Lunch on Friday')).toBeVisible()
  await sendRaw(product, ADMIN.email, WITH_ATTACHMENTS)
  await sendRaw(product, ADMIN.email, ISO_2022_JP)
  await sendRaw(product, ADMIN.email, HOSTILE)
  await expect(row(page, '明日の会議')).toBeVisible()
  // Of what comes once the list has scrolled, a button over its first row tells.
  await expect(row(page, 'You have won')).toBeVisible()

  await page.getByRole('link', { name: /Lunch on Friday/ }).click()
  await expect(page.getByRole('tabpanel').getByText('.a line that begins with a dot')).toBeVisible()
  await page.getByRole('link', { name: /明日の会議/ }).click()
  await expect(page.getByRole('tabpanel').getByText('明日の会議は十時からです。')).toBeVisible()

  await page.getByRole('link', { name: /Quarterly figures/ }).click()
  await expect(page.frameLocator('iframe').getByText('The figures')).toBeVisible()
  const download = page.waitForEvent('download')
  await page
    .getByRole('link', { name: /figures\.csv/ })
    .first()
    .click()
  expect((await download).suggestedFilename()).toBe('figures.csv')

  await page.getByRole('link', { name: /You have won/ }).click()
  await expect(page.frameLocator('iframe').getByText('Claim now')).toBeVisible()
  await expect(page.frameLocator('iframe').locator('script, form, [onclick]')).toHaveCount(0)

  for (const [tab, text] of [
    ['Headers', 'Received'],
    ['Source', 'Subject: You have won'],
    ['Trace', /jrn_[0-9a-z]{26}/],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('tabpanel').getByText(text).first()).toBeVisible()
  }
})

test('read over REST with a key: the raw download ends with the bytes sent', async ({ rest }) => {
  for (const [subject, sent] of [
    ['Lunch', PLAIN],
    ['figures', WITH_ATTACHMENTS],
    ['明日', ISO_2022_JP],
    ['won', HOSTILE],
  ] as const) {
    const { body } = await rest.call<ListPage>('GET', `/messages?q=${encodeURIComponent(`subject:${subject}`)}`)
    const id = body.data[0]?.id ?? ''
    const detail = await rest.call<{ data: { html: string | null } }>('GET', `/messages/${id}`)
    expect(detail.body.data.html ?? '').not.toMatch(/<script|onclick|onerror/i)
    const { bytes, headers } = await rest.bytes(`/messages/${id}/raw`)
    expect(headers.get('content-type')).toMatch(/^message\/rfc822/)
    expect(bytes.subarray(-Buffer.byteLength(sent)).equals(Buffer.from(sent))).toBe(true)
  }
})

test('a URL that cannot be decoded is a client error, on REST and on tRPC', async ({ product }) => {
  for (const path of ['/api/v1/messages/%zz', '/api/trpc/%zz']) {
    const response = await fetch(`${product.url}${path}`)
    const { error } = (await response.json()) as { error: { code: string; request_id: string } }
    expect([response.status, error.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(error.request_id).toBe(response.headers.get('x-request-id'))
  }
})

test('keyboard shortcuts step through unread mail', async ({ adminPage: page, product }) => {
  for (const subject of ['Step one', 'Step two', 'Step three']) await sendRaw(product, ADMIN.email, note(subject))
  await page.goto(`${product.url}/mail/${ADMIN.email}/inbox?unread=true`)
  await page.getByRole('link', { name: /Step three/ }).click()
  for (const subject of ['Step three', 'Step two', 'Step one']) {
    await expect(page.getByRole('article').getByRole('heading', { name: subject })).toBeVisible()
    // each is marked read when opened, and leaves the unread list on the next step
    await expect(row(page, subject).getByText('Unread')).toHaveCount(0)
    await page.keyboard.press('j')
    if (subject !== 'Step one') await expect(row(page, subject)).toHaveCount(0)
  }
})
