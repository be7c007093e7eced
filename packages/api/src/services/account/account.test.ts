import { tenantScope } from '@mairust/db/queries/scope'
import { listApiKeyRows } from '@mairust/db/queries/api-key'
import { listAuditEntries } from '@mairust/db/queries/audit'
import type { UserRow } from '@mairust/db/queries/user'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, signIn, type TestApi } from '../../testing/api.ts'
import { verifyLogin } from '../auth/index.ts'

const NEW = 'another quiet harbour'

withDatabases((get) => {
  let test: TestApi
  let user: UserRow
  let cookie: string
  beforeEach(async () => {
    test = makeTestApi(get())
    user = await test.user()
    cookie = await signIn(test, user)
  })
  const login = (password: string) => test.send('POST', '/auth/login', { body: { email: user.email, password } })
  const change = (current: string, password = NEW, as = cookie) =>
    test.send('POST', '/account/password', { as, body: { current_password: current, password } })
  const me = (as: string) => test.send('GET', '/auth/me', { as })
  const actions = async () =>
    (await listAuditEntries(get().db, tenantScope(user.tenantId), { targetId: user.id }, { limit: 50 })).map(
      ({ action }) => action,
    )

  describe('one’s own password', () => {
    it('changes if the current one is given; the other sessions end', async () => {
      const other = await signIn(test, user)
      expect((await change(PASSWORD)).status).toBe(200)
      expect((await me(cookie)).status).toBe(200)
      expect((await me(other)).status).toBe(401)
      expect((await login(PASSWORD)).status).toBe(401)
      expect((await login(NEW)).status).toBe(200)
      expect(await actions()).toContain('account.password')
    })

    it('does not change if the current one is wrong, which counts towards the lock-out of all logins', async () => {
      for (let tries = 0; tries < 5; tries += 1) {
        const { status, error } = await change('not this one')
        expect([status, error.details[0]?.field]).toEqual([422, 'current_password'])
      }
      const locked = await change(PASSWORD)
      expect(locked.status).toBe(429)
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(890)
      expect((await login(PASSWORD)).status).toBe(429)
      const smtp = {
        email: user.email,
        password: PASSWORD,
        address: '192.0.2.1',
        via: 'submission',
        requestId: 'x',
      } as const
      expect(await verifyLogin(test.runtime, smtp)).toMatchObject({ ok: false, reason: 'locked' })
      expect((await me(cookie)).status).toBe(200)
    })

    it('ends the keys that the user created, and lists them; other users’ keys stay', async () => {
      const boss = await test.user({ role: 'tenant_admin' }, user.tenantId)
      const mine = await test.key(user)
      const theirs = await test.key(boss)
      const works = async (as: string) => (await me(as)).status === 200
      const { status, data } = await change(PASSWORD)
      const [key] = await listApiKeyRows(get().db, tenantScope(user.tenantId), { limit: 1 })
      expect([status, data['ended_api_keys']]).toEqual([200, [{ id: key?.id, name: 'test' }]])
      expect([await works(mine), await works(theirs)]).toEqual([false, true])
      const entries = await listAuditEntries(
        get().db,
        tenantScope(user.tenantId),
        { targetId: user.id, action: 'account.password' },
        { limit: 1 },
      )
      expect(entries[0]?.after).toMatchObject({ ended_api_keys: [{ id: key?.id }] })
    })

    it('keeps the keys on request, and ends none if the change is refused', async () => {
      const key = await test.key(user)
      const change = (body: object) => test.send('POST', '/account/password', { as: cookie, body })
      expect((await change({ current_password: 'not this one', password: NEW })).status).toBe(422)
      const kept = await change({ current_password: PASSWORD, password: NEW, end_api_keys: false })
      expect([kept.status, kept.data['ended_api_keys']]).toEqual([200, []])
      expect((await me(key)).status).toBe(200)
    })

    it('must meet the policy, and differ from the current one', async () => {
      for (const password of ['short', PASSWORD]) {
        const { status, error } = await change(PASSWORD, password)
        expect([status, error.details[0]?.field]).toEqual([422, 'password'])
      }
      expect((await login(PASSWORD)).status).toBe(200)
    })

    it('cannot be changed by a key without the permission for accounts', async () => {
      const key = await test.key(user, ['read', 'write', 'send'])
      expect((await change(PASSWORD, NEW, key)).status).toBe(403)
    })
  })

  it('a user sees their own account, and changes its name', async () => {
    const { data } = await test.send('PATCH', '/account', { as: cookie, body: { name: 'Ann Other' } })
    expect(data).toMatchObject({ id: user.id, name: 'Ann Other', role: 'user' })
    expect((await test.send('GET', '/account', { as: cookie })).data['name']).toBe('Ann Other')
    expect((await test.send('PATCH', '/account', { as: cookie, body: { role: 'super_admin' } })).status).toBe(422)
    expect(await actions()).toContain('account.update')
  })
})
