import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'

const ALL = ['read', 'write', 'send', 'admin'] as const
const HOUR = 3_600_000

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  /** A key for an administrator, made by another one, that expires in an hour. */
  const makeFirst = async () => {
    const top = await test.user({ role: 'super_admin' })
    const [maker, holder] = [
      await test.user({ role: 'super_admin' }, top.tenantId),
      await test.user({ role: 'super_admin' }, top.tenantId),
    ]
    const ends = new Date(test.clock.now.getTime() + HOUR).toISOString()
    const body = { name: 'first', scopes: ALL, user_id: holder.id, expires_at: ends }
    const { id = '', key = '' } = (await test.send('POST', '/admin/api-keys', { as: await signIn(test, maker), body }))
      .data
    return { top: await signIn(test, top), maker, ends, id, key }
  }
  const make = (as: string, more: object = {}) =>
    test.send('POST', '/admin/api-keys', { as, body: { name: 'second', scopes: ALL, ...more } })
  const status = async (key = '') => (await test.send('GET', '/users?limit=1', { as: key })).status

  describe('a key that a key makes or changes', () => {
    it('depends on who vouches for that key', async () => {
      const { top, maker, id, key } = await makeFirst()
      const second = (await make(key)).data
      expect(second['created_by']).toBe(maker.id)
      const third = (await make(second['key'] ?? '')).data
      const rotated = (await test.send('POST', `/admin/api-keys/${id}/rotate`, { as: key })).data
      expect(rotated['created_by']).toBe(maker.id)
      const keys = [second['key'], third['key'], rotated['key']]
      expect(await Promise.all(keys.map(status))).toEqual([200, 200, 200])
      await test.send('PATCH', `/users/${maker.id}`, { as: top, body: { role: 'user' } })
      expect(await Promise.all(keys.map(status))).toEqual([403, 403, 403])
      await test.send('DELETE', `/users/${maker.id}`, { as: top })
      expect(await Promise.all(keys.map(status))).toEqual([401, 401, 401])
    })

    it('is one of its own user, who would otherwise drop out of what the new one depends on', async () => {
      const { top, maker, key } = await makeFirst()
      const third = await test.user({ role: 'user' }, maker.tenantId)
      const ends = new Date(test.clock.now.getTime() + HOUR / 2).toISOString()
      const theirs = (await make(top, { user_id: third.id, expires_at: ends })).data['id'] ?? ''
      const attempts = [
        await make(key, { user_id: third.id }),
        await make(key, { user_id: maker.id }),
        await test.send('POST', `/admin/api-keys/${theirs}/rotate`, { as: key }),
      ]
      for (const { status, error } of attempts) {
        expect([status, error.message]).toEqual([403, expect.stringContaining('keys of your own') as string])
      }
      expect((await test.send('DELETE', `/admin/api-keys/${theirs}`, { as: key })).status).toBe(200)
    })

    it('does not outlive it', async () => {
      const { top, id, key, ends } = await makeFirst()
      expect((await make(key)).data['expires_at']).toBe(ends)
      const after = new Date(new Date(ends).getTime() + 1).toISOString()
      for (const expires_at of [null, after]) {
        const change = { as: key, body: { expires_at } }
        for (const refused of [
          await make(key, { expires_at }),
          await test.send('PATCH', `/admin/api-keys/${id}`, change),
        ]) {
          expect([refused.status, refused.error.details]).toMatchObject([422, [{ field: 'expires_at' }]])
        }
      }
      const lasting = (await make(top, { name: 'lasting' })).data['id'] ?? ''
      for (const [method, path, body] of [
        ['POST', '/rotate', undefined],
        ['PATCH', '', { scopes: ['read'] }],
      ] as const) {
        const changed = await test.send(method, `/admin/api-keys/${lasting}${path}`, { as: key, ...(body && { body }) })
        expect([changed.status, changed.error.message]).toEqual([
          403,
          expect.stringContaining('lasts longer') as string,
        ])
      }
      const shorter = { as: key, body: { expires_at: ends } }
      expect((await test.send('PATCH', `/admin/api-keys/${lasting}`, shorter)).status).toBe(200)
      expect((await make(key, { expires_at: ends })).status).toBe(201)
      const now = test.clock.now
      const brief = (await make(key, { expires_at: new Date(now.getTime() + HOUR / 2).toISOString() })).data
      test.clock.now = new Date(now.getTime() + HOUR * 0.75)
      const revived = await test.send('POST', `/admin/api-keys/${brief['id'] ?? ''}/rotate`, { as: key })
      expect(revived.data['expires_at']).toBe(ends)
      test.clock.now = now
    })
  })
})
