import { lines, sendRaw } from '../fixtures/mail.ts'
import { startProduct } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

const OWNER = { name: 'Yamada Hanako', email: 'hanako@first.example', password: 'Quartz-lantern-71-meadow' }

test('from the printed link through the wizard to a mailbox that receives', async ({ page, database }) => {
  const product = await startProduct({ admin: false, database })
  try {
    const link = await product.setupLink()
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]{43}$/)
    await page.goto(product.url)
    await expect(page.getByRole('heading', { name: 'Open the setup link' })).toBeVisible()

    await page.goto(link)
    await page.getByLabel('Your name').fill(OWNER.name)
    await page.getByLabel('Email').fill(OWNER.email)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByText('Use at least 12 characters.')).toBeVisible()
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Domain').fill('first.example')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Address').fill('hanako')
    await page.getByRole('button', { name: 'Create everything' }).click()
    await expect(page.getByRole('heading', { name: 'Your mail server is ready' })).toBeVisible()
    // the wizard has signed the account in: no login form
    await page.getByRole('button', { name: 'Open your mailbox' }).click()
    await expect(page.getByRole('heading', { name: 'Inbox', exact: true })).toBeVisible()

    await sendRaw(product, OWNER.email, lines('From: a@remote.example', 'Subject: First of all', '', 'Hello'))
    await expect(page.getByRole('link', { name: /First of all/ })).toBeVisible()

    await page.context().clearCookies()
    await page.goto(link)
    await expect(page).toHaveURL(/\/login/)
    await product.stop()
    await product.start()
    expect(product.printed.some((line) => line.startsWith('setup '))).toBe(false)
  } finally {
    await product.dispose()
  }
})

test('sign in with the form, and sign out', async ({ page, product }) => {
  await page.goto(`${product.url}/mail`)
  await expect(page).toHaveURL(/\/login/)
  await page.getByLabel('Email').fill('owner@local.example')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The email address or password is incorrect.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill('Quartz-lantern-71-meadow')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/mail\/owner@local\.example\/inbox/)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login/)
  await page.goto(`${product.url}/mail/owner@local.example/inbox`)
  await expect(page).toHaveURL(/\/login/)
})
