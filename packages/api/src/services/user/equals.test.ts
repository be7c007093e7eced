import { tenantScope } from '@mairust/db/queries/scope'
import { createId } from '@mairust/db'
import { makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import type { Role } from '@mairust/db/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, signIn, type TestApi } from '../../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  const pair = async (role: Role) => {
    const top = await test.user({ role: 'super_admin' })
    const domain = await makeDomain(get().db, tenantScope(top.tenantId))
    const [one, other] = [
      await test.user({ role, email: `one@${domain.name}` }, top.tenantId),
      await test.user({ role, email: `other@${domain.name}` }, top.tenantId),
    ]
    const mailbox = await makeMailbox(get().db, tenantScope(top.tenantId), {
      domainId: domain.id,
      address: `box@${domain.name}`,
      userId: other.id,
    })
    const as = await signIn(test, one)
    const tried = async () => {
      const email = `${createId('usr')}@${domain.name}`
      const sent = [
        await test.send('POST', '/users', { as, body: { email, password: PASSWORD, role } }),
        await test.send('PATCH', `/users/${other.id}`, { as, body: { name: 'x' } }),
        await test.send('PATCH', `/users/${other.id}`, { as, body: { password: PASSWORD } }),
        await test.send('PATCH', `/users/${other.id}`, { as, body: { suspended: true } }),
        await test.send('PATCH', `/mailboxes/${mailbox.id}`, { as, body: { user_id: one.id } }),
        await test.send('DELETE', `/users/${other.id}`, { as }),
      ]
      return sent.map(({ status }) => status)
    }
    return { top, one, other, mailbox, as, tried }
  }

  describe('equal ranks', () => {
    it.each(['domain_admin', 'tenant_admin'] as const)(
      'cannot create, change, suspend, remove or reset each other: %s',
      async (role) => {
        const { one, as, tried } = await pair(role)
        expect(await tried()).toEqual([403, 403, 403, 403, 403, 403])
        expect((await test.send('PATCH', `/users/${one.id}`, { as, body: { name: 'Me' } })).status).toBe(200)
      },
    )

    it('cannot create, rotate, change or revoke keys of each other', async () => {
      const { top, one, other, as } = await pair('tenant_admin')
      const body = { name: 'x', scopes: ['read'], user_id: other.id }
      expect((await test.send('POST', '/admin/api-keys', { as, body })).status).toBe(403)
      const theirs = await test.send('POST', '/admin/api-keys', { as: await signIn(test, top), body })
      const path = `/admin/api-keys/${theirs.data['id'] ?? ''}`
      expect((await test.send('POST', `${path}/rotate`, { as })).status).toBe(404)
      expect((await test.send('PATCH', path, { as, body: { name: 'y' } })).status).toBe(404)
      expect((await test.send('DELETE', path, { as })).status).toBe(404)
      expect((await test.send('POST', '/admin/api-keys', { as, body: { ...body, user_id: one.id } })).status).toBe(201)
    })

    it('can if a super_admin has allowed it, which they cannot do themselves', async () => {
      const { top, as, tried } = await pair('tenant_admin')
      const body = { tenant_admins_manage_equals: true }
      expect((await test.send('PATCH', '/admin/settings', { as, body })).status).toBe(403)
      const allowed = await test.send('PATCH', '/admin/settings', { as: await signIn(test, top), body })
      expect(allowed.data['tenant_admins_manage_equals']).toBe(true)
      expect(await tried()).toEqual([201, 200, 200, 200, 200, 200])
    })

    it('do not restrict super_admins', async () => {
      const { tried } = await pair('super_admin')
      expect(await tried()).toEqual([201, 200, 200, 200, 200, 200])
    })
  })
})
