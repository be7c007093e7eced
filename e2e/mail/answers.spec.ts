/** The two most common questions to the operator of a mail server, answered in every interface. */
import { lines, sendRaw } from '../fixtures/mail.ts'
import { ADMIN, DOMAIN } from '../fixtures/product.ts'
import type { Product } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

type LogLine = Record<string, unknown> & { message: string }

/** Log lines with this message and these values. */
function logged(product: Product, message: string, values: Record<string, unknown>): LogLine[] {
  return product.logged
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => line.message === message && Object.entries(values).every(([key, value]) => line[key] === value))
}

test('My mail did not arrive', async ({ adminPage, product }) => {
  const letter = lines('From: ann@remote.example', 'Subject: Where is it', '', 'x')
  const refusal: unknown = await sendRaw(product, `nobody@${DOMAIN}`, letter, 'ann@remote.example').catch(
    (error: unknown) => error,
  )
  expect(String(refusal)).toContain('550 5.1.1')
  expect(await sendRaw(product, ADMIN.email, letter, 'ann@remote.example')).toMatch(/^250 /)

  // From the page.
  await adminPage.goto(`${product.url}/trace`)
  const journeys = adminPage.getByRole('region', { name: 'Journeys' })
  const search = async (address: string) => {
    await adminPage.getByLabel('Sender or recipient').fill(address)
    await adminPage.getByRole('button', { name: 'Search' }).click()
    await expect(adminPage).toHaveURL(new RegExp(`address=${encodeURIComponent(address).replace('%40', '(%40|@)')}`))
  }
  await search(`nobody@${DOMAIN}`)
  await journeys.getByText(`ann@remote.example to nobody@${DOMAIN}`).click()
  await expect(journeys.getByText(/^550 5\.1\.1 No such mailbox here/).first()).toBeVisible()
  await search('ann@remote.example')
  await expect(journeys.getByText('Accepted', { exact: true })).toBeVisible()
  await expect(journeys.getByText(`ann@remote.example to ${ADMIN.email}`)).toBeVisible()

  // From the command line.
  const found = await product.cli('trace', '--address', 'ann@remote.example', '--json')
  const { data } = JSON.parse(found.stdout) as { data: { status: string; to: string[]; reply: string }[] }
  expect(data.map(({ status, to }) => [status, to])).toEqual([
    ['accepted', [ADMIN.email]],
    ['refused', [`nobody@${DOMAIN}`]],
  ])
  expect(data[1]?.reply).toContain('550 5.1.1')

  // From the log.
  const transactions = () => logged(product, 'SMTP transaction', { from: 'ann@remote.example' })
  await expect.poll(() => transactions().map(({ result }) => result)).toEqual(['refused', 'accepted'])
  const [refused, accepted] = transactions()
  expect(refused?.['refused']).toMatchObject([
    { address: `nobody@${DOMAIN}`, reply: expect.stringContaining('550 5.1.1') },
  ])
  expect(accepted).toMatchObject({ to: [ADMIN.email], reply: expect.stringMatching(/^250 /) })
})

test('I cannot log in', async ({ adminPage, product }) => {
  const email = `locked@${DOMAIN}`
  const { request } = adminPage.context()
  const made = await request.post(`${product.url}/api/v1/users`, {
    data: { email, password: ADMIN.password, role: 'user' },
    headers: { origin: product.url },
  })
  expect(made.status()).toBe(201)
  const { data: user } = (await made.json()) as { data: { id: string } }
  const login = async () => {
    const answer = await fetch(`${product.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: product.url },
      body: JSON.stringify({ email, password: 'not the password' }),
    })
    return answer.status
  }
  for (let tries = 0; tries < 5; tries += 1) expect(await login()).toBe(401)
  expect(await login()).toBe(429)

  // From the log.
  const refused = () => logged(product, 'A login was refused', { account: email }).map(({ reason }) => reason)
  await expect.poll(refused).toEqual([...Array.from({ length: 5 }, () => 'wrong_password'), 'locked'])
  const [lock] = logged(product, 'An account is locked', { account: email })
  expect(lock).toMatchObject({ until: expect.any(String), remote_addr: expect.any(String) })

  // From the command line.
  const shown = await product.cli('user', 'show', email)
  expect(shown.stdout).toMatch(/locked for \S+ until \S+; admin reset-password unlocks/)
  expect(shown.stdout).toMatch(/auth\.login_failed .* wrong_password/)

  // From the API.
  type SignIn = { data: { locks: { until: string }[]; recent: { action: string; reason: string | null }[] } }
  const { data } = (await (await request.get(`${product.url}/api/v1/users/${user.id}/sign-in`)).json()) as SignIn
  expect(data.locks.map(({ until }) => until)).toContain(lock?.['until'])
  expect(data.recent).toContainEqual(expect.objectContaining({ action: 'auth.login_failed', reason: 'wrong_password' }))
})
