import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { databaseDirectory } from '@mairust/db/queries/directory'
import { findUser, type UserRow } from '@mairust/db/queries/user'
import { withDatabases } from '@mairust/db/testing'
import { requireKey } from '@mairust/mail-core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, type TestApi } from '../../testing/api.ts'
import { pruneDomains } from './index.ts'

const DAY = 86_400_000

withDatabases((get) => {
  let test: TestApi
  let squatter: UserRow
  let rightful: UserRow
  let squatting: string
  let owning: string
  beforeAll(async () => {
    test = makeTestApi(get())
    squatter = await test.user({ role: 'tenant_admin' })
    rightful = await test.user({ role: 'tenant_admin' })
    squatting = await test.key(squatter)
    owning = await test.key(rightful)
  })
  const post = (as: string, path: string, body?: object) =>
    test.send('POST', path, { as, ...(body === undefined ? {} : { body }) })
  const add = async (as: string, name: string) => (await post(as, '/domains', { name })).data['id'] ?? ''
  const prove = async (as: string, id: string) => {
    const { items } = await test.send('GET', `/domains/${id}/dns`, { as })
    test.dns.txt(items[0]?.['name'] ?? '', items[0]?.['value'] ?? '')
    return post(as, `/domains/${id}/verification`)
  }

  describe('names across tenants', () => {
    it('may be pending in two tenants, and belong to the one that proves ownership', async () => {
      const name = 'waited.example'
      const theirs = await add(squatting, name)
      expect((await post(squatting, '/domains', { name })).status).toBe(409)
      expect((await post(squatting, '/mailboxes', { address: `ceo@${name}` })).status).toBe(201)
      expect((await post(squatting, '/aliases', { address: `*@${name}`, targets: [`ceo@${name}`] })).status).toBe(201)
      const ours = await add(owning, name)
      expect((await prove(owning, ours)).data).toMatchObject({ status: 'active', verified: true })
      const mailbox = await post(owning, '/mailboxes', { address: `ceo@${name}` })
      expect(mailbox.status).toBe(201)
      expect((await post(owning, '/aliases', { address: `*@${name}`, targets: [`ceo@${name}`] })).status).toBe(201)
      const directory = databaseDirectory(get().db)
      expect(await directory.domain(name)).toMatchObject({ id: ours, tenantId: rightful.tenantId, status: 'active' })
      expect(await directory.address(rightful.tenantId, requireKey(`ceo@${name}`))).toMatchObject({
        mailbox: { id: mailbox.data['id'] },
      })
      expect((await prove(squatting, theirs)).status).toBe(409)
      const top = await test.key(await test.user({ role: 'super_admin' }, squatter.tenantId))
      expect((await test.send('PATCH', `/domains/${theirs}`, { as: top, body: { active: true } })).status).toBe(409)
      expect((await test.send('GET', `/domains/${theirs}`, { as: squatting })).data['status']).toBe('pending')
    })

    it('do not reveal that another tenant has them pending', async () => {
      await add(squatting, 'quiet.example')
      expect((await post(owning, '/domains', { name: 'quiet.example' })).status).toBe(201)
      expect((await post(owning, '/users', { email: 'a@quiet.example', password: PASSWORD })).status).toBe(201)
    })

    it('cannot be logins in another tenant’s domain; earlier ones give way to its owner', async () => {
      const email = 'boss@login.example'
      const user = { email, password: PASSWORD }
      const early = (await post(squatting, '/users', user)).data['id'] ?? ''
      const domain = await add(owning, 'login.example')
      await prove(owning, domain)
      const late = await post(squatting, '/users', { ...user, email: 'other@login.example' })
      expect(late.status).toBe(422)
      expect(late.error.details[0]?.field).toBe('email')
      const body = { email: 'third@login.example' }
      expect((await test.send('PATCH', `/users/${early}`, { as: squatting, body })).status).toBe(422)
      expect((await post(owning, '/users', user)).status).toBe(201)
      const displaced = await findUser(get().db, tenantScope(squatter.tenantId), early)
      expect(displaced).toMatchObject({ suspended: true, email: `${early}@displaced.invalid` })
      const audit = await listAuditEntries(
        get().db,
        tenantScope(squatter.tenantId),
        { targetId: early, action: 'user.displace' },
        { limit: 9 },
      )
      expect(audit).toMatchObject([{ before: { email } }])
      expect((await test.send('POST', '/auth/login', { body: user })).data['email']).toBe(email)
    })

    it('expire if nobody proves them, unless they are in use', async () => {
      const [idle, used] = [await add(squatting, 'idle.example'), await add(squatting, 'used.example')]
      await post(squatting, '/mailboxes', { address: 'box@used.example' })
      const proved = await add(squatting, 'proved.example')
      await prove(squatting, proved)
      const look = async (id: string) => (await test.send('GET', `/domains/${id}`, { as: squatting })).status
      const before = test.clock.now
      test.clock.now = new Date(before.getTime() + 29 * DAY)
      await pruneDomains(test.runtime)
      expect(await look(idle)).toBe(200)
      test.clock.now = new Date(before.getTime() + 31 * DAY)
      await pruneDomains(test.runtime)
      expect([await look(idle), await look(used), await look(proved)]).toEqual([404, 200, 200])
      const audit = await listAuditEntries(get().db, tenantScope(squatter.tenantId), { targetId: idle }, { limit: 9 })
      expect(audit.map(({ action }) => action)).toContain('domain.expire')
      test.clock.now = before
    })
  })
})
