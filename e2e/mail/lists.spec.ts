import { WITH_ATTACHMENTS, note } from '../fixtures/letters.ts'
import { sendRaw } from '../fixtures/mail.ts'
import { openFolder, refill, row } from '../fixtures/mailbox.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test.beforeAll(({ product, rest }) => refill(product, rest, [WITH_ATTACHMENTS]))

test('more tabs than the browser has connections all show new mail', async ({ adminPage, product }) => {
  const pages = [adminPage]
  while (pages.length < 8) pages.push(await adminPage.context().newPage())
  for (const page of pages) {
    await openFolder(page, product, 'inbox')
    await expect(row(page, 'Quarterly figures')).toBeVisible()
  }
  await sendRaw(product, ADMIN.email, note('Seen in every tab'))
  for (const page of pages) await expect(row(page, 'Seen in every tab')).toBeVisible()
  // the tab that holds the stream closes, and another takes over
  await adminPage.close()
  await sendRaw(product, ADMIN.email, note('Seen in the others'))
  for (const page of pages.slice(1)) await expect(row(page, 'Seen in the others')).toBeVisible()
})

test('a long list is complete after a bulk arrival, stays current, and can be changed as a whole', async ({
  adminPage: page,
  product,
  rest,
}) => {
  test.setTimeout(120_000)
  const bulk = Array.from({ length: 120 }, (_, n) => `Bulk ${String(n + 1).padStart(3, '0')}`)
  for (const subject of bulk) await sendRaw(product, ADMIN.email, note(subject))
  const first = await rest.call<ListPage & { pagination: { cursor: string } }>(
    'GET',
    '/messages?q=subject:bulk&limit=100',
  )
  const second = await rest.call<ListPage>(
    'GET',
    `/messages?q=subject:bulk&limit=100&cursor=${first.body.pagination.cursor}`,
  )
  const ids = [...first.body.data, ...second.body.data].map(({ id }) => id)
  expect(ids).toHaveLength(120)
  await rest.call('POST', '/messages/batch', { ids, action: 'move', folder: 'archive' })
  await openFolder(page, product, 'inbox')
  await expect(row(page, 'Quarterly figures')).toBeVisible()
  await rest.call('POST', '/messages/batch', { ids, action: 'move', folder: 'inbox' })
  await expect(row(page, 'Bulk 120')).toBeVisible()

  const grid = page.getByRole('grid')
  await grid.hover()
  for (const subject of [...bulk].reverse()) {
    const there = row(page, subject)
    for (let tries = 0; tries < 40 && (await there.count()) === 0; tries += 1) await page.mouse.wheel(0, 200)
    await expect(there, subject).toHaveCount(1)
  }
  const id = ids.at(-1) ?? ''
  await expect(row(page, 'Bulk 001').getByText('Unread')).toHaveCount(1)
  await rest.call('PATCH', `/messages/${id}`, { seen: true })
  await expect(row(page, 'Bulk 001').getByText('Unread')).toHaveCount(0)

  await page.goto(`${product.url}/mail/${ADMIN.email}/inbox?q=subject%3Abulk`)
  await expect(row(page, 'Bulk 120')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select all' }).click()
  await page.getByRole('button', { name: 'Select all that match' }).click()
  await expect(page.getByText('120 selected')).toBeVisible()
  await page.keyboard.press('#')
  await page.getByRole('button', { name: 'Move 120 messages to trash' }).click()
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 'Bulk 120')).toBeVisible()
})
