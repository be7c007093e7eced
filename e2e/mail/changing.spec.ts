import { HOSTILE, ISO_2022_JP, PLAIN, WITH_ATTACHMENTS, note } from '../fixtures/letters.ts'
import { sendRaw } from '../fixtures/mail.ts'
import { openFolder, refill, row } from '../fixtures/mailbox.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test.beforeAll(({ product, rest }) => refill(product, rest, [PLAIN, WITH_ATTACHMENTS, ISO_2022_JP, HOSTILE]))

test('flag, tag, move, delete, undo and restore, by mouse and by keyboard', async ({
  adminPage: page,
  product,
  rest,
}) => {
  const message = async (subject: string): Promise<ListPage['data'][number] | undefined> => {
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

  // by keyboard: open the hostile one, delete it, undo, delete it again
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

test("the reader's buttons act on the open message, and an immediate undo still runs after the change", async ({
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
