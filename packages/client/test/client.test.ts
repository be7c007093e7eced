import { tenantScope } from '@mairust/db/queries/scope'
import { makeDomain, withDatabases } from '@mairust/db/testing'
import { createClient, MaiRustError, withIdempotencyKey } from '@mairust/client'
import { expect, it } from 'vitest'
import { makeServer } from './world.ts'

const errorOf = (call: Promise<unknown>): Promise<unknown> => call.catch((thrown: unknown) => thrown)

withDatabases((get) => {
  const start = async () => {
    const server = makeServer(get())
    const user = await server.test.user({ role: 'super_admin' })
    const domain = await makeDomain(get().db, tenantScope(user.tenantId))
    return { ...server, user, address: `box@${domain.name}`, domain }
  }

  it('creates one thing although the answer to the first attempt is lost', async () => {
    const { clientOf, user, address, fetch, requests } = await start()
    let attempts = 0
    const losing = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await fetch(url, init)
      attempts += 1
      if (attempts === 1) throw new TypeError('the connection broke')
      return response
    }
    const client = await clientOf(user, { fetch: losing })
    const { data } = await client.mailboxes.create.mutate({ address })
    expect(data.address).toBe(address)
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(2)
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
    expect(keys[1]).toBe(keys[0])
  })

  it('makes a new key for each call that creates something, and none for others', async () => {
    const { clientOf, user, domain, requests } = await start()
    const client = await clientOf(user)
    const { data } = await client.mailboxes.create.mutate({ address: `a@${domain.name}` })
    await client.mailboxes.create.mutate({ address: `b@${domain.name}` })
    await client.mailboxes.update.mutate({ id: data.id, display_name: 'A' })
    await client.mailboxes.list.query({})
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(new Set(keys.slice(0, 2)).size).toBe(2)
    expect(keys.slice(2)).toEqual([null, null])
  })

  it('takes the caller’s key, and refuses one that the server would ignore', async () => {
    const { clientOf, user, address, requests } = await start()
    const client = await clientOf(user)
    const first = await client.mailboxes.create.mutate({ address }, withIdempotencyKey('order-1'))
    expect(await client.mailboxes.create.mutate({ address }, withIdempotencyKey('order-1'))).toEqual(first)
    const refused = [
      client.mailboxes.remove.mutate({ id: first.data.id }, withIdempotencyKey('order-1')),
      client.mailboxes.create.mutate({ address }, withIdempotencyKey('order 1')),
    ]
    for (const call of refused) expect(await errorOf(call)).toMatchObject({ code: 'INVALID_REQUEST' })
    expect(requests).toHaveLength(2)
  })

  it('rejects with errors that programs can distinguish', async () => {
    const { clientOf, user, address, fetch } = await start()
    const client = await clientOf(user)
    const wrong = await errorOf(client.mailboxes.create.mutate({ address: 'nobody' }))
    expect(wrong).toBeInstanceOf(MaiRustError)
    expect(wrong).toMatchObject({
      code: 'VALIDATION_ERROR',
      status: 422,
      details: [{ field: 'address', reason: 'must be an email address' }],
      requestId: expect.stringMatching(/^req_/) as string,
    })
    await client.mailboxes.create.mutate({ address })
    expect(await errorOf(client.mailboxes.create.mutate({ address }))).toMatchObject({ code: 'CONFLICT', status: 409 })
    const stranger = createClient({ url: 'http://localhost:8080/', apiKey: 'mk_live_nobody', fetch })
    expect(await errorOf(stranger.auth.me.query({}))).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    const gone = { signal: AbortSignal.abort() }
    expect(await errorOf(client.auth.me.query({}, gone))).toMatchObject({ code: 'ABORTED' })
  })

  it('says when to try again', async () => {
    const { clientOf, user } = await start()
    const client = await clientOf(user)
    const wrong = { current_password: 'not this one', password: 'another quiet harbour' }
    for (let tries = 0; tries < 5; tries += 1) await errorOf(client.account.password.mutate(wrong))
    const locked = await errorOf(client.account.password.mutate(wrong))
    expect(locked).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect((locked as MaiRustError).retryAfter).toBeGreaterThan(800)
  })
})

it.each([
  ['url', { url: 'mail.example.com', apiKey: 'k' }],
  ['url', { url: 'ftp://mail.example.com', apiKey: 'k' }],
  ['apiKey', { url: 'https://mail.example.com', apiKey: 'k\n' }],
  ['timeoutMs', { url: 'https://mail.example.com', apiKey: 'k', timeoutMs: 0 }],
  ['retries', { url: 'https://mail.example.com', apiKey: 'k', retries: 0.5 }],
])('names %s if it is invalid', (name, options) => {
  expect(() => createClient(options)).toThrow(name)
})
