import { pages } from '@mairust/client'
import { note } from '../fixtures/letters.ts'
import { sendRaw } from '../fixtures/mail.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { DOMAIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test('a TypeScript client creates a mailbox and reads the same mail as REST', async ({ client, product, rest }) => {
  const { data: mailbox } = await client.mailboxes.create.mutate({ address: `orders@${DOMAIN}` })
  for (const n of [1, 2, 3]) await sendRaw(product, mailbox.address, note(`Order ${n}`))

  const ids: string[] = []
  const subjects: string[] = []
  const all = pages((cursor) => client.messages.list.query({ mailbox: mailbox.id, limit: 2, cursor }))
  for await (const { id, subject } of all) {
    ids.push(id)
    subjects.push(subject)
  }
  expect(subjects).toEqual(['Order 3', 'Order 2', 'Order 1'])
  const { body } = await rest.call<ListPage>('GET', `/messages?mailbox=${mailbox.id}`)
  expect(body.data.map(({ id }) => id)).toEqual(ids)

  const [newest = ''] = ids
  await client.messages.update.mutate({ id: newest, seen: true })
  const opened = await client.messages.get.query({ id: newest })
  const overRest = await rest.call<{ data: { text: string; seen: boolean } }>('GET', `/messages/${newest}`)
  expect(opened.data).toMatchObject({ seen: true, text: overRest.body.data.text })

  await expect(client.mailboxes.create.mutate({ address: mailbox.address })).rejects.toMatchObject({
    code: 'CONFLICT',
    status: 409,
  })
  await expect(client.messages.list.query({ limit: 101 })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    details: [{ field: 'limit', reason: 'must be at most 100' }],
  })
})
