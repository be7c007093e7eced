import { tenantScope } from '@mairust/db/queries/scope'
import { withDatabases } from '@mairust/db/testing'
import { findMailbox } from '@mairust/db/queries/mailbox'
import { makeDomain, makeMailbox } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, signIn, type TestApi } from '../../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  describe('users', () => {
    it('are added, found, changed and removed, with every change in the audit log', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const as = await test.key(admin)
      const made = await test.send('POST', '/users', {
        as,
        body: { email: 'Mika@Example.ORG', password: PASSWORD, name: 'Mika', role: 'user' },
      })
      expect(made.status).toBe(201)
      expect(made.data).toMatchObject({ email: 'mika@example.org', name: 'Mika', role: 'user', suspended: false })
      const path = `/users/${made.data['id'] ?? ''}`
      expect((await test.send('GET', '/users?q=mika', { as })).items).toEqual([made.data])
      expect((await test.send('GET', '/users?role=domain_admin', { as })).items).toEqual([])
      expect((await test.send('PATCH', path, { as, body: { name: 'Mika S' } })).data['name']).toBe('Mika S')
      expect((await test.send('DELETE', path, { as })).status).toBe(200)
      const audit = await test.send('GET', `/admin/audit?target_id=${made.data['id'] ?? ''}`, { as })
      expect(audit.items.map(({ action }) => action)).toEqual(['user.delete', 'user.update', 'user.create'])
      expect(JSON.stringify(audit.json)).not.toContain(PASSWORD)
      expect(JSON.stringify(audit.json)).not.toContain('argon2')
    })

    it('cannot have weak passwords, or invalid or taken addresses', async () => {
      const as = await test.key(await test.user({ role: 'super_admin' }))
      const post = (email: string, password: string) => test.send('POST', '/users', { as, body: { email, password } })
      expect((await post('a@example.org', 'short')).error.details[0]?.field).toBe('password')
      expect((await post('a@example.org', 'aaaaaaaaaaaaaaaa')).status).toBe(422)
      expect((await post('a@example.org', 'Password123456')).status).toBe(422)
      expect((await post('no address', PASSWORD)).error.details[0]?.field).toBe('email')
      expect((await post('a@[192.0.2.1]', PASSWORD)).status).toBe(422)
      const { data } = await post('taken@example.org', PASSWORD)
      expect((await post('TAKEN@example.org', PASSWORD)).status).toBe(409)
      await test.send('DELETE', `/users/${data['id'] ?? ''}`, { as })
    })

    it('cannot promote themselves or others above their own role, or change users above it', async () => {
      const top = await test.user({ role: 'super_admin' })
      const admin = await test.user({ role: 'tenant_admin' }, top.tenantId)
      const as = await test.key(admin)
      const patch = (id: string, body: object) => test.send('PATCH', `/users/${id}`, { as, body })
      expect((await patch(admin.id, { role: 'super_admin' })).status).toBe(403)
      expect((await patch(top.id, { name: 'x' })).status).toBe(403)
      expect((await patch(top.id, { password: PASSWORD })).status).toBe(403)
      expect((await test.send('DELETE', `/users/${top.id}`, { as })).status).toBe(403)
      const made = await test.send('POST', '/users', {
        as,
        body: { email: 'riser@example.org', password: PASSWORD, role: 'super_admin' },
      })
      expect(made.status).toBe(403)
    })

    it('include an administrator: the last one cannot be removed, suspended or demoted', async () => {
      const first = await test.user({ role: 'super_admin' })
      const as = await test.key(first)
      const path = `/users/${first.id}`
      for (const body of [{ role: 'user' }, { suspended: true }]) {
        expect((await test.send('PATCH', path, { as, body })).status).toBe(409)
      }
      expect((await test.send('DELETE', path, { as })).status).toBe(409)
      const second = await test.user({ role: 'super_admin' }, first.tenantId)
      const other = await test.key(second)
      const answers = await Promise.all([
        test.send('PATCH', path, { as: other, body: { role: 'user' } }),
        test.send('PATCH', `/users/${second.id}`, { as, body: { role: 'user' } }),
      ])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    })

    it('lose their sessions on a new password, a new role and a suspension', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const as = await test.key(admin)
      for (const body of [{ password: 'another quiet harbour' }, { role: 'domain_admin' }, { suspended: true }]) {
        const user = await test.user({}, admin.tenantId)
        const cookie = await signIn(test, user)
        expect((await test.send('PATCH', `/users/${user.id}`, { as, body })).status).toBe(200)
        await test.send('PATCH', `/users/${user.id}`, { as, body: { suspended: false } })
        expect((await test.send('GET', '/auth/me', { as: cookie })).status).toBe(401)
      }
    })

    it('keep all concurrent changes', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const as = await test.key(admin)
      for (let round = 0; round < 8; round += 1) {
        const user = await test.user({}, admin.tenantId)
        const patch = (body: object) => test.send('PATCH', `/users/${user.id}`, { as, body })
        await Promise.all([patch({ suspended: true }), patch({ name: 'Renamed' }), patch({ role: 'domain_admin' })])
        const after = await test.send('GET', `/users/${user.id}`, { as })
        expect(after.json).toMatchObject({ data: { suspended: true, name: 'Renamed', role: 'domain_admin' } })
      }
    })

    it('are removed once under concurrent removals', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const as = await test.key(admin)
      const user = await test.user({}, admin.tenantId)
      const answers = await Promise.all([1, 2, 3].map(() => test.send('DELETE', `/users/${user.id}`, { as })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404])
      expect((await test.send('GET', `/admin/audit?target_id=${user.id}`, { as })).items).toHaveLength(1)
    })

    it('that are removed leave their keys and mailboxes in the audit entry', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const user = await test.user({}, admin.tenantId)
      const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
      const as = await test.key(admin)
      const body = { name: 'x', scopes: ['read'], user_id: user.id }
      const key = await test.send('POST', '/admin/api-keys', { as, body })
      await test.send('DELETE', `/users/${user.id}`, { as })
      const audit = await test.send('GET', `/admin/audit?target_id=${user.id}`, { as })
      expect(audit.items[0]).toMatchObject({
        action: 'user.delete',
        before: { id: user.id, mailbox_ids: [mailbox.id], api_key_ids: [key.data['id']] },
      })
    })

    it('that are removed concurrently get no mailbox and no key', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const as = await test.key(admin)
      const { name } = await makeDomain(get().db, tenantScope(admin.tenantId))
      for (let round = 0; round < 8; round += 1) {
        const { id } = await test.user({}, admin.tenantId)
        const post = (path: string, body: object) => test.send('POST', path, { as, body: { ...body, user_id: id } })
        const [mailbox, key, removed] = await Promise.all([
          post('/mailboxes', { address: `r${round}@${name}` }),
          post('/admin/api-keys', { name: 'x', scopes: ['read'] }),
          test.send('DELETE', `/users/${id}`, { as }),
        ])
        expect([201, 422]).toContain(mailbox.status)
        expect([201, 422]).toContain(key.status)
        expect(removed.status).toBe(200)
      }
    })

    it('that are removed leave their mailboxes, without an owner', async () => {
      const admin = await test.user({ role: 'super_admin' })
      const user = await test.user({}, admin.tenantId)
      const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
      await test.send('DELETE', `/users/${user.id}`, { as: await test.key(admin) })
      expect((await findMailbox(get().db, tenantScope(admin.tenantId), mailbox.id))?.userId).toBeNull()
    })

    it('of other domains, with mailboxes and aliases, are invisible to a domain_admin', async () => {
      const top = await test.user({ role: 'super_admin' })
      const scope = tenantScope(top.tenantId)
      const [mine, theirs] = [await makeDomain(get().db, scope), await makeDomain(get().db, scope)]
      const admin = await test.user({ role: 'domain_admin', email: `boss@${mine.name}` }, top.tenantId)
      const near = await test.user({ email: `near@${mine.name}` }, top.tenantId)
      const far = await test.user({ email: `far@${theirs.name}` }, top.tenantId)
      const own = await makeMailbox(get().db, scope, { domainId: mine.id, address: `own@${mine.name}` })
      const foreign = await makeMailbox(get().db, scope, { domainId: theirs.id, address: `x@${theirs.name}` })
      const as = await test.key(admin)
      const ids = async (path: string) => (await test.send('GET', path, { as })).items.map(({ id }) => id)
      expect(await ids('/users')).toEqual([admin.id, near.id])
      expect(await ids('/mailboxes')).toEqual([own.id])
      expect(await ids('/domains')).toEqual([mine.id])
      expect((await test.send('GET', `/users/${far.id}`, { as })).status).toBe(404)
      expect((await test.send('DELETE', `/mailboxes/${foreign.id}`, { as })).status).toBe(404)
      const alias = (domain: string) =>
        test.send('POST', '/aliases', { as, body: { address: `all@${domain}`, targets: [own.address] } })
      expect((await alias(theirs.name)).status).toBe(422)
      expect((await alias(mine.name)).status).toBe(201)
      const user = (domain: string) =>
        test.send('POST', '/users', { as, body: { email: `new@${domain}`, password: PASSWORD } })
      expect((await user(theirs.name)).status).toBe(403)
      expect((await user(mine.name)).status).toBe(201)
      expect((await test.send('POST', '/domains', { as, body: { name: 'more.example' } })).status).toBe(403)
    })
  })
})
