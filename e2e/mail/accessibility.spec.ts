import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { cutOff } from '../fixtures/fits.ts'
import { lines, sendRaw } from '../fixtures/mail.ts'
import { ADMIN, startProduct } from '../fixtures/product.ts'
import type { Product } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

const LOOKS = [
  { colorScheme: 'light', locale: 'en-US' },
  { colorScheme: 'dark', locale: 'ja-JP' },
  { colorScheme: 'light', locale: 'ja-JP' },
  { colorScheme: 'dark', locale: 'en-US' },
] as const

/** Chromium's complaint about the test runner and axe, which try to run in a message's sandboxed frame. */
const SEALED =
  /^Blocked script execution in '[^']*\/m\/msg_[0-9a-z]{26}\/body\?lang=\w\w' because the document's frame is sandboxed/

/** Expects no serious axe finding, no console error (including CSP violations), and nothing cut off at 360 px. */
async function inspect(page: Page, url: string, settled: (page: Page) => Promise<void>): Promise<void> {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !SEALED.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  await settled(page)
  await page.setViewportSize({ width: 360, height: 740 })
  await expect.poll(() => cutOff(page), url).toEqual([])
  await page.setViewportSize({ width: 1440, height: 900 })
  await settled(page)
  expect(errors, url).toEqual([])
  const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    url,
  ).toEqual([])
}

const ENDLESS = 'x'.repeat(300)

/** Sends a message that is wide in every possible way. */
async function sendWide(product: Product): Promise<void> {
  await sendRaw(
    product,
    ADMIN.email,
    lines(
      `From: "${ENDLESS}" <${'a'.repeat(60)}@${'long-label.'.repeat(12)}example>`,
      `To: ${ADMIN.email}`,
      `Cc: ${Array.from({ length: 200 }, (_, n) => `person${String(n)}@remote.example`).join(',\r\n ')}`,
      `Subject: Wide ${ENDLESS}`,
      ...Array.from({ length: 90 }, (_, n) => ` word${String(n)}`),
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      `Here it is: https://remote.example/${ENDLESS}`,
      '--b',
      `Content-Disposition: attachment; filename="${ENDLESS.slice(0, 150)}.txt"`,
      '',
      'x',
      '--b--',
    ),
  )
}

async function openMessageUrl(product: Product): Promise<string> {
  await sendRaw(
    product,
    ADMIN.email,
    lines(
      'From: a@remote.example',
      `To: ${ADMIN.email}`,
      'Subject: Look at me',
      'Content-Type: text/html',
      '',
      '<p>Hello</p><img src="https://remote.example/p.png">',
    ),
  )
  return `${product.url}/mail/${ADMIN.email}/inbox`
}

for (const look of LOOKS) {
  test(`every page is accessible and fits: ${look.colorScheme}, ${look.locale}`, async ({ browser, product }) => {
    test.setTimeout(240_000)
    const list = await openMessageUrl(product)
    const visit = async (signedIn: boolean, url: string, settled: (page: Page) => Promise<void>) => {
      const context = await browser.newContext({ ...look, viewport: { width: 1440, height: 900 } })
      if (signedIn)
        await context.request.post(`${product.url}/api/v1/auth/login`, {
          data: ADMIN,
          headers: { origin: product.url },
        })
      const page = await context.newPage()
      await inspect(page, url, settled)
      await context.close()
    }
    const heading = (page: Page) => expect(page.getByRole('heading').first()).toBeVisible()
    await visit(false, `${product.url}/login`, heading)
    await visit(true, `${product.url}/account`, heading)
    await visit(true, `${product.url}/trace?reason=nothinglikethis`, heading)
    await visit(true, `${product.url}/trace`, async (page) => {
      const journey = page.locator('details').first()
      await expect(journey).toBeVisible()
      if ((await journey.getAttribute('open')) === null) await journey.locator('summary').click()
      await expect(journey.getByRole('listitem').first()).toBeVisible()
    })
    await visit(true, list, (page) => expect(page.getByRole('link', { name: /Look at me/ }).first()).toBeVisible())
    await visit(true, `${product.url}/mail/${ADMIN.email}/archive`, heading)
    await visit(true, `${list}?q=nothinglikethis`, heading)
    await visit(true, list, async (page) => {
      if (!page.url().includes('m=')) {
        await page
          .getByRole('link', { name: /Look at me/ })
          .first()
          .click()
      }
      await expect(page.frameLocator('iframe').getByText('Hello')).toBeVisible()
    })
    await sendWide(product)
    await visit(true, list, async (page) => {
      await page.getByRole('row', { name: /Wide/ }).first().getByRole('checkbox').setChecked(true)
      await expect(page.getByRole('toolbar').first()).toBeVisible()
    })
    await visit(true, list, async (page) => {
      if (!page.url().includes('m=')) await page.getByRole('link', { name: /Wide/ }).first().click()
      const body = page.getByRole('tabpanel').getByText('Here it is:')
      await expect(body).toBeVisible()
      const recipients = page.locator('article').getByRole('button', { name: /person1@/ })
      if ((await recipients.getAttribute('aria-expanded')) === 'false') await recipients.click()
      // Neither the subject nor the expanded recipients push the text out of reach.
      await body.scrollIntoViewIfNeeded()
      await expect(body).toBeInViewport()
    })
  })
}

test('the setup wizard is accessible and fits', async ({ browser, database }) => {
  const product = await startProduct({ admin: false, database })
  try {
    for (const look of LOOKS) {
      const context = await browser.newContext({ ...look, viewport: { width: 1440, height: 900 } })
      await inspect(await context.newPage(), await product.setupLink(), (page) =>
        expect(page.getByRole('heading').first()).toBeVisible(),
      )
      await context.close()
    }
  } finally {
    await product.dispose()
  }
})
