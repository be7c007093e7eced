import { note } from '../fixtures/letters.ts'
import { refill } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test.beforeAll(({ product, rest }) => refill(product, rest, [note('Dinner')]))

test('a draft is written over two protocols, found, kept over a restart, read in the page and removed', async ({
  adminPage: page,
  client,
  product,
  rest,
}) => {
  // More than other requests may have.
  const file = Buffer.alloc(3 * 1024 * 1024, 'soup ')
  const made = await rest.call<{ data: { id: string } }>('POST', '/drafts', {
    to: ['山田 <yamada@remote.example>'],
    subject: 'Menu',
    text: 'Shall it be minestrone?',
    attachments: [{ filename: 'スープ.txt', content_type: 'text/plain', content: file.toString('base64') }],
  })
  expect(made.status).toBe(201)
  const { id } = made.body.data
  const changed = await client.drafts.update.mutate({
    id,
    text: 'Shall it be borscht?',
    html: '<p>Shall it be <b>borscht</b>?</p>',
    attachments: [{ index: 0 }],
  })
  expect(changed.data).toMatchObject({
    to: [{ name: '山田', address: 'yamada@remote.example' }],
    text: 'Shall it be borscht?',
    attachments: [{ filename: 'スープ.txt', size: file.length }],
  })

  await product.stop('SIGKILL')
  await product.start()
  expect((await rest.bytes(`/messages/${id}/attachments/0`)).bytes).toEqual(file)
  for (const [word, count] of [
    ['borscht', 1],
    ['minestrone', 0],
  ] as const) {
    const found = await rest.call<{ data: unknown[] }>('GET', `/messages?q=${word}&folder=drafts`)
    expect(found.body.data).toHaveLength(count)
  }

  await page.goto(`${product.url}/mail/${ADMIN.email}/drafts`)
  await page.getByRole('link', { name: /Menu/ }).click()
  await expect(page.frameLocator('iframe').getByText('borscht')).toBeVisible()

  await rest.call('DELETE', `/drafts/${id}`)
  await expect(page.getByRole('link', { name: /Menu/ })).toHaveCount(0)
  const { data: inbox } = await client.messages.list.query({ folder: 'inbox' })
  expect(inbox.map(({ subject }) => subject)).toEqual(['Dinner'])
})
