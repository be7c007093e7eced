import { HOSTILE, ISO_2022_JP, PLAIN, WITH_ATTACHMENTS } from '../fixtures/letters.ts'
import { openFolder, refill, row } from '../fixtures/mailbox.ts'
import { expect, test } from '../fixtures/test.ts'

test.beforeAll(({ product, rest }) => refill(product, rest, [PLAIN, WITH_ATTACHMENTS, ISO_2022_JP, HOSTILE]))

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
