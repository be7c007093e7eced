import { tenantScope } from '@mairust/db/queries/scope'
import { crc32 } from 'node:zlib'
import { makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeApiKey, readApiKey } from '../../auth/api-key.ts'
import { createKeys } from '../../auth/keys.ts'
import { LIMITS } from '../../contract/limits.ts'
import { makeTestApi, signIn, type TestApi } from '../../testing/api.ts'

const DAY = 86_400_000

describe('the text of a key', () => {
  const keys = createKeys(Buffer.alloc(32, 1))

  it('has an id, a secret and a checksum', () => {
    const { text, lookup } = makeApiKey(keys)
    expect(text).toMatch(/^mk_live_[0-9a-z]{8}_[\w-]{43}_[0-9A-Za-z]{6}$/)
    expect(readApiKey(text)?.lookup).toBe(lookup)
    expect(crc32('check')).toBeGreaterThan(0)
  })

  it('is refused when a character is wrong', () => {
    const { text } = makeApiKey(keys)
    for (const at of [9, 20, 40, text.length - 1]) {
      const other = text.charAt(at) === 'x' ? 'y' : 'x'
      expect(readApiKey(text.slice(0, at) + other + text.slice(at + 1))).toBeNull()
    }
    expect(readApiKey('')).toBeNull()
  })

  it('is worth nothing under another master key', () => {
    expect(() => createKeys(Buffer.alloc(16))).toThrow(RangeError)
    expect(createKeys(Buffer.alloc(32, 2)).derive('api-key-pepper')).not.toEqual(keys.derive('api-key-pepper'))
    expect(keys.derive('render-signature')).not.toEqual(keys.derive('api-key-pepper'))
  })
})

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  describe('API keys', () => {
    it('are shown once, listed without their secret, rotated and revoked', async () => {
      const cookie = await signIn(test, await test.user({ role: 'super_admin' }))
      const made = await test.send('POST', '/admin/api-keys', {
        as: cookie,
        body: { name: 'ci', scopes: ['read', 'admin'] },
      })
      expect(made.status).toBe(201)
      const { key = '', id = '', expires_at: expires = '' } = made.data
      expect(new Date(expires).getTime() - test.clock.now.getTime()).toBe(365 * DAY)
      expect((await test.send('GET', '/domains', { as: key })).status).toBe(200)
      const list = await test.send('GET', '/admin/api-keys', { as: cookie })
      expect(JSON.stringify(list.json)).not.toContain(key.slice(17, 60))
      expect(list.items[0]).toMatchObject({
        name: 'ci',
        prefix: key.slice(0, 16),
        scopes: ['read', 'admin'],
        last_used_ip: '192.0.2.1',
      })
      const rotated = await test.send('POST', `/admin/api-keys/${id}/rotate`, { as: cookie })
      expect((await test.send('GET', '/domains', { as: key })).status).toBe(401)
      const fresh = rotated.data['key'] ?? ''
      expect((await test.send('GET', '/domains', { as: fresh })).status).toBe(200)
      await test.send('DELETE', `/admin/api-keys/${id}`, { as: cookie })
      expect((await test.send('GET', '/domains', { as: fresh })).status).toBe(401)
    })

    it('are at most 200 for a user, until some are removed', async () => {
      const cookie = await signIn(test, await test.user({ role: 'super_admin' }))
      const create = () => test.send('POST', '/admin/api-keys', { as: cookie, body: { name: 'x', scopes: ['read'] } })
      const made = await Promise.all(Array.from({ length: LIMITS.apiKeysPerUser }, create))
      expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]))
      const more = await create()
      expect([more.status, more.error.message]).toEqual([409, expect.stringContaining('Remove some') as string])
      await test.send('DELETE', `/admin/api-keys/${made[0]?.data['id'] ?? ''}`, { as: cookie })
      expect((await create()).status).toBe(201)
    })

    it('expire at the given time', async () => {
      const user = await test.user({ role: 'super_admin' })
      const cookie = await signIn(test, user)
      const create = (expires: string | null) =>
        test.send('POST', '/admin/api-keys', { as: cookie, body: { name: 'x', scopes: ['read'], expires_at: expires } })
      expect((await create('2001-01-01T00:00:00Z')).status).toBe(422)
      expect((await create('tomorrow')).status).toBe(422)
      expect((await create(null)).data['expires_at']).toBeNull()
      const { key = '', id = '' } = (await create(new Date(test.clock.now.getTime() + DAY).toISOString())).data
      const before = test.clock.now
      test.clock.now = new Date(before.getTime() + DAY)
      expect((await test.send('GET', '/domains', { as: key })).status).toBe(401)
      const admin = await signIn(test, user)
      const again = await test.send('POST', `/admin/api-keys/${id}/rotate`, { as: admin })
      expect((await test.send('GET', '/domains', { as: again.data['key'] ?? '' })).status).toBe(200)
      test.clock.now = before
    })

    it('never allow more than their creator or their user may do', async () => {
      const top = await test.user({ role: 'super_admin' })
      const admin = await test.user({ role: 'tenant_admin' }, top.tenantId)
      const plain = await test.user({}, top.tenantId)
      const create = (as: string, body: object) =>
        test.send('POST', '/admin/api-keys', {
          as,
          body: { name: 'x', scopes: ['read', 'write', 'send', 'admin'], ...body },
        })
      const narrow = await test.key(top, ['admin'])
      expect((await create(narrow, {})).status).toBe(403)
      expect((await create(narrow, { scopes: ['admin'] })).status).toBe(201)
      expect((await create(await test.key(admin), { user_id: top.id })).status).toBe(403)
      expect((await create(await test.key(plain), {})).status).toBe(403)
      const { key = '' } = (await create(await test.key(top), { user_id: plain.id })).data
      expect((await test.send('GET', '/auth/me', { as: key })).data['id']).toBe(plain.id)
      expect((await test.send('GET', '/users', { as: key })).status).toBe(403)
      expect((await create(await test.key(top), { user_id: (await test.user()).id })).status).toBe(422)
    })

    it('allow what their scopes give', async () => {
      const user = await test.user({ role: 'super_admin' })
      const read = await test.key(user, ['read'])
      expect((await test.send('GET', '/mailboxes', { as: read })).status).toBe(200)
      expect((await test.send('POST', '/tags', { as: read, body: { name: 'x' } })).status).toBe(403)
      expect((await test.send('GET', '/admin/audit', { as: read })).status).toBe(403)
      const admin = await test.key(user, ['admin'])
      expect((await test.send('GET', '/messages', { as: admin })).status).toBe(403)
      expect((await test.send('GET', '/admin/audit', { as: admin })).status).toBe(200)
    })

    it('of a plain user see the user’s mailboxes in the domains they are narrowed to', async () => {
      const user = await test.user()
      const [one, two] = [
        await makeDomain(get().db, tenantScope(user.tenantId)),
        await makeDomain(get().db, tenantScope(user.tenantId)),
      ]
      const make = (domain: typeof one, local: string, userId: string | null) =>
        makeMailbox(get().db, tenantScope(user.tenantId), {
          domainId: domain.id,
          address: `${local}@${domain.name}`,
          userId,
        })
      const mine = await make(one, 'mine', user.id)
      await make(one, 'theirs', null)
      await make(two, 'elsewhere', user.id)
      const as = await test.key(user, [{ scope: 'read', domains: [one.name] }])
      expect((await test.send('GET', '/mailboxes', { as })).items.map(({ id }) => id)).toEqual([mine.id])
    })

    it('see only the domains and mailboxes they are narrowed to', async () => {
      const user = await test.user({ role: 'super_admin' })
      const [one, two] = [
        await makeDomain(get().db, tenantScope(user.tenantId)),
        await makeDomain(get().db, tenantScope(user.tenantId)),
      ]
      const a = await makeMailbox(get().db, tenantScope(user.tenantId), { domainId: one.id, address: `a@${one.name}` })
      const b = await makeMailbox(get().db, tenantScope(user.tenantId), { domainId: two.id, address: `b@${two.name}` })
      const seen = async (as: string) => (await test.send('GET', '/mailboxes', { as })).items.map(({ id }) => id)
      const byDomain = await test.key(user, [
        { scope: 'read', domains: [one.name] },
        { scope: 'admin', domains: [one.name] },
      ])
      expect(await seen(byDomain)).toEqual([a.id])
      expect((await test.send('GET', `/mailboxes/${b.id}`, { as: byDomain })).status).toBe(404)
      expect((await test.send('POST', '/domains', { as: byDomain, body: { name: 'more.example' } })).status).toBe(403)
      expect(
        (await test.send('POST', '/admin/api-keys', { as: byDomain, body: { name: 'x', scopes: ['admin'] } })).status,
      ).toBe(403)
      expect(await seen(await test.key(user, [{ scope: 'read', mailboxes: [b.address] }]))).toEqual([b.id])
      expect(await seen(await test.key(user, [{ scope: 'read', mailboxes: ['nobody@example.org'] }]))).toEqual([])
    })
  })
})
