import type { Page } from '@playwright/test'
import { lines, sendRaw } from '../fixtures/mail.ts'
import { ADMIN } from '../fixtures/product.ts'
import type { Product } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

interface Row {
  id: string
  folder: string
  subject: string
  seen: boolean
  starred: boolean
  tags: string[]
}
interface ListPage {
  data: Row[]
}

const openFolder = (page: Page, product: Product, folder: string) =>
  page.goto(`${product.url}/mail/${ADMIN.email}/${folder}`)
const row = (page: Page, subject: string) => page.getByRole('row').filter({ hasText: subject })

test.describe.configure({ mode: 'serial' })

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

test('search finds English and Japanese, alone and combined', async ({ adminPage: page, product }) => {
  for (const [query, found, lost] of [
    ['会議', '明日の会議', 'Lunch on Friday'],
    ['"line that begins"', 'Lunch on Friday', 'Quarterly figures'],
    ['has:attachment subject:figures', 'Quarterly figures', 'Lunch on Friday'],
    ['from:winner', 'You have won', '明日の会議'],
  ] as const) {
    await openFolder(page, product, 'all')
    await page.getByRole('textbox', { name: 'Search mail' }).fill(query)
    await page.keyboard.press('Enter')
    await expect(row(page, found), query).toBeVisible()
    await expect(row(page, lost), query).toHaveCount(0)
  }
})

test('flag, tag, move, delete, undo and restore, by mouse and by keyboard', async ({
  adminPage: page,
  product,
  rest,
}) => {
  const message = async (subject: string): Promise<Row | undefined> => {
    const folders = ['inbox', 'archive', 'trash']
    const pages = await Promise.all(
      folders.map((folder) =>
        rest.call<ListPage>('GET', `/messages?folder=${folder}&subject=${encodeURIComponent(subject)}`),
      ),
    )
    return pages.flatMap(({ body }) => body.data)[0]
  }
  await openFolder(page, product, 'inbox')
  await page.getByRole('link', { name: /Quarterly figures/ }).click()
  await page.getByRole('button', { name: 'Star', exact: true }).first().click()
  await expect.poll(async () => (await message('figures'))?.starred).toBe(true)

  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('menuitem', { name: 'New tag…' }).click()
  await page.getByLabel('Name').fill('finance')
  await page.getByRole('button', { name: 'Create and apply' }).click()
  await expect.poll(async () => (await message('figures'))?.tags).toEqual(['finance'])

  await openFolder(page, product, 'inbox')
  await page.getByRole('checkbox', { name: /Lunch on Friday/ }).check()
  await page
    .getByRole('toolbar', { name: 'Actions for the selected messages' })
    .getByRole('button', { name: 'Move to folder' })
    .click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(row(page, 'Lunch on Friday')).toHaveCount(0)
  await expect.poll(async () => (await message('Lunch'))?.folder).toMatch(/archive/i)

  // by keyboard: open the hostile one, throw it away, take that back, throw it away again
  await page.getByRole('link', { name: /You have won/ }).click()
  await page.keyboard.press('#')
  await expect(row(page, 'You have won')).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(row(page, 'You have won')).toBeVisible()
  await page.getByRole('link', { name: /You have won/ }).click()
  await page.keyboard.press('#')
  await expect.poll(async () => (await message('won'))?.folder).toMatch(/trash/i)

  await openFolder(page, product, 'trash')
  await page.getByRole('link', { name: /You have won/ }).click()
  await page.getByRole('button', { name: 'Restore' }).first().click()
  await expect.poll(async () => (await message('won'))?.folder).toMatch(/inbox/i)
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

test('an address that cannot be decoded is the fault of the request, on REST and on tRPC', async ({ product }) => {
  for (const path of ['/api/v1/messages/%zz', '/api/trpc/%zz']) {
    const response = await fetch(`${product.url}${path}`)
    const { error } = (await response.json()) as { error: { code: string; request_id: string } }
    expect([response.status, error.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(error.request_id).toBe(response.headers.get('x-request-id'))
  }
})

test("the reader's buttons act on the open message, and an undo pressed at once still comes after the change", async ({
  adminPage: page,
  product,
  rest,
}) => {
  const folders = async (query: string) => {
    const { body } = await rest.call<ListPage>('GET', `/messages?q=${encodeURIComponent(query)}`)
    return Object.fromEntries(body.data.map(({ subject, folder }) => [subject, folder]))
  }
  for (const subject of ['Note one', 'Note two', 'Note three']) await sendRaw(product, ADMIN.email, note(subject))
  await openFolder(page, product, 'inbox')
  await page.getByRole('link', { name: /Note one/ }).click()
  const reader = page.getByRole('article')
  await expect(reader.getByRole('heading', { name: 'Note one' })).toBeVisible()
  await page.getByRole('checkbox', { name: /Note two/ }).check()
  await page.getByRole('checkbox', { name: /Note three/ }).check()
  await reader.getByRole('button', { name: 'Move to folder' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(row(page, 'Note one')).toHaveCount(0)
  await expect
    .poll(() => folders('subject:note'))
    .toEqual({ 'Note one': 'archive', 'Note two': 'inbox', 'Note three': 'inbox' })

  await openFolder(page, product, 'inbox')
  await page.getByRole('link', { name: /Note two/ }).click()
  await expect(reader.getByRole('heading', { name: 'Note two' })).toBeVisible()
  const answers = [1, 2].map(() =>
    page.waitForResponse(
      (answer) =>
        answer.url().includes('messages.batch') && /"trash"|"restore"/.test(answer.request().postData() ?? ''),
    ),
  )
  await page.keyboard.press('#')
  await page.keyboard.press('z')
  await Promise.all(answers)
  await expect(row(page, 'Note two')).toBeVisible()
  await expect.poll(async () => (await folders('subject:note'))['Note two']).toBe('inbox')
})

test('the keys go through unread mail one after the other', async ({ adminPage: page, product }) => {
  for (const subject of ['Step one', 'Step two', 'Step three']) await sendRaw(product, ADMIN.email, note(subject))
  await page.goto(`${product.url}/mail/${ADMIN.email}/inbox?unread=true`)
  await page.getByRole('link', { name: /Step three/ }).click()
  for (const subject of ['Step three', 'Step two', 'Step one']) {
    await expect(page.getByRole('article').getByRole('heading', { name: subject })).toBeVisible()
    // each is read, and leaves the list of unread mail once it is left
    await expect(row(page, subject).getByText('Unread')).toHaveCount(0)
    await page.keyboard.press('j')
    if (subject !== 'Step one') await expect(row(page, subject)).toHaveCount(0)
  }
})

test('more tabs than a browser has connections all show mail that arrives', async ({ adminPage, product }) => {
  const pages = [adminPage]
  while (pages.length < 8) pages.push(await adminPage.context().newPage())
  for (const page of pages) {
    await openFolder(page, product, 'inbox')
    await expect(row(page, 'Quarterly figures')).toBeVisible()
  }
  await sendRaw(product, ADMIN.email, note('Seen in every tab'))
  for (const page of pages) await expect(row(page, 'Seen in every tab')).toBeVisible()
  // the tab that held the stream goes, and another takes over
  await adminPage.close()
  await sendRaw(product, ADMIN.email, note('Seen in the others'))
  for (const page of pages.slice(1)) await expect(row(page, 'Seen in the others')).toBeVisible()
})

test('a long list is whole after much has come at once, current where it is looked at, and changed as a whole', async ({
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

const note = (subject: string) =>
  lines('From: Notes <notes@remote.example>', `To: ${ADMIN.email}`, `Subject: ${subject}`, '', 'A note.')

const PLAIN = lines(
  'From: Mori <mori@remote.example>',
  `To: ${ADMIN.email}`,
  'Subject: Lunch on Friday',
  'Message-ID: <e2e-1@remote.example>',
  '',
  'Shall we?',
  '.a line that begins with a dot',
  'Mori',
)

const WITH_ATTACHMENTS = lines(
  'From: Accounts <accounts@remote.example>',
  `To: ${ADMIN.email}`,
  'Subject: Quarterly figures',
  'Message-ID: <e2e-2@remote.example>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  '--outer',
  'Content-Type: multipart/alternative; boundary="inner"',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'The figures are attached.',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<h2>The figures</h2><p>are <b>attached</b>.</p>',
  '--inner--',
  '--outer',
  'Content-Type: text/csv; name="figures.csv"',
  'Content-Disposition: attachment; filename="figures.csv"',
  '',
  'quarter,amount',
  'Q3,42',
  '--outer--',
)

// 明日の会議 / 明日の会議は十時からです。 in ISO-2022-JP
const ISO_2022_JP = lines(
  'From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@remote.example>',
  `To: ${ADMIN.email}`,
  'Subject: =?ISO-2022-JP?B?GyRCTEBGfCROMnE1RBsoQg==?=',
  'Message-ID: <e2e-3@remote.example>',
  'Content-Type: text/plain; charset=ISO-2022-JP',
  'Content-Transfer-Encoding: 7bit',
  '',
  '\u001b$BL@F|$N2q5D$O==;~$+$i$G$9!#\u001b(B',
)

const HOSTILE = lines(
  'From: winner@remote.example',
  `To: ${ADMIN.email}`,
  'Subject: You have won',
  'Message-ID: <e2e-4@remote.example>',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<body onload="fetch(1)"><script>window.pwned=1</script><form action="https://remote.example/"><button onclick="x()">Claim now</button></form>',
  '<img src="https://remote.example/pixel.gif" onerror="x()"></body>',
)
