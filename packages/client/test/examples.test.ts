import { tenantScope } from '@mairust/db/queries/scope'
import { deliver } from '@mairust/api/testing'
import { makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { bytesBySender } from '../examples/all-messages.ts'
import { createMailbox } from '../examples/create-mailbox.ts'
import { readUnread } from '../examples/read-unread.ts'
import { makeServer } from './world.ts'

withDatabases((get) => {
  const start = async () => {
    const server = makeServer(get())
    const user = await server.test.user({ role: 'super_admin' })
    const domain = await makeDomain(get().db, tenantScope(user.tenantId))
    const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { domainId: domain.id, userId: user.id })
    const receive = (n: number, from = 'ann@example.net') => {
      const source = `From: ${from}\nSubject: Parcel ${n}\nMessage-ID: <${n}@x>\n\nIt is number ${n}.\n`
      return deliver(get(), server.test.runtime, mailbox, source)
    }
    return { ...server, domain, mailbox, receive, client: await server.clientOf(user) }
  }

  it('read-unread.ts reads every message once', async () => {
    const { client, mailbox, receive } = await start()
    await receive(1)
    await receive(2)
    const texts = await readUnread(client, mailbox.address)
    expect(texts.map((text) => text.trim())).toEqual([
      'ann@example.net: Parcel 2\nIt is number 2.',
      'ann@example.net: Parcel 1\nIt is number 1.',
    ])
    expect(await readUnread(client, mailbox.address)).toEqual([])
  })

  it('create-mailbox.ts creates a mailbox once, and says why if it cannot', async () => {
    const { client, domain } = await start()
    const order = { number: '17', address: `new@${domain.name}` }
    expect(await createMailbox(client, order)).toBe(`created ${order.address}`)
    expect(await createMailbox(client, order)).toBe(`created ${order.address}`)
    expect(await createMailbox(client, { ...order, number: '18' })).toBe(`${order.address} is taken`)
    expect(await createMailbox(client, { number: '19', address: 'new' })).toBe('address must be an email address')
  })

  it('all-messages.ts goes through every page', async () => {
    const { client, receive, requests } = await start()
    for (let n = 0; n < 105; n += 1) await receive(n, n % 2 === 0 ? 'ann@example.net' : 'bob@example.net')
    const bytes = await bytesBySender(client, 'subject:parcel')
    expect([...bytes.keys()].sort()).toEqual(['ann@example.net', 'bob@example.net'])
    const total = [...bytes.values()].reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(105 * 80)
    expect(requests).toHaveLength(2)
  })
})
