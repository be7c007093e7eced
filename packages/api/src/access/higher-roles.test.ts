import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeAlias, makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

type Person = { user: UserRow; as: string; mailbox: MailboxRow; message: string }

const HOUR = 3_600_000

withDatabases((get) => {
  let test: TestApi
  let domain: { id: string; name: string; tenantId: string }
  const people = new Map<Role, Person>()
  const who = (role: Role): Person => {
    const found = people.get(role)
    if (found === undefined) throw new Error(`no user has the role ${role}`)
    return found
  }

  beforeAll(async () => {
    test = makeTestApi(get())
    const top = await test.user({ role: 'super_admin' })
    domain = await makeDomain(get().db, tenantScope(top.tenantId))
    for (const role of ['super_admin', 'tenant_admin', 'domain_admin', 'user'] as const) {
      const user = await test.user({ role, email: `${role}@${domain.name}` }, top.tenantId)
      const box = { domainId: domain.id, userId: user.id, address: `box-${role}@${domain.name}` }
      const mailbox = await makeMailbox(get().db, tenantScope(top.tenantId), box)
      const message = await deliver(get(), test.runtime, mailbox, `Subject: for ${role}\n\nprivate\n`)
      people.set(role, { user, mailbox, message, as: await signIn(test, user) })
    }
  })

  const send = (role: Role, method: string, path: string, body?: unknown) =>
    test.send(method, path, { as: who(role).as, ...(body === undefined ? {} : { body }) })

  const ABOVE: [Role, Role][] = [
    ['domain_admin', 'tenant_admin'],
    ['domain_admin', 'super_admin'],
    ['tenant_admin', 'super_admin'],
  ]

  describe('the sign-ins of a higher role', () => {
    it.each(ABOVE)('are not shown: to %s, those of %s', async (role, above) => {
      const path = `/users/${who(above).user.id}/sign-in`
      const { status, json } = await send(role, 'GET', path)
      expect(status).toBe(403)
      expect(JSON.stringify(json)).not.toContain('remote_address')
      for (const own of [role, above])
        expect((await send(above, 'GET', `/users/${who(own).user.id}/sign-in`)).status).toBe(200)
    })
  })

  describe('the mailbox of a higher role', () => {
    it.each(ABOVE)('cannot be read, taken over, renamed or removed: %s, %s', async (role, above) => {
      const { mailbox, message } = who(above)
      const path = `/mailboxes/${mailbox.id}`
      for (const body of [{ user_id: who(role).user.id }, { user_id: null }, { address: `x@${domain.name}` }]) {
        expect((await send(role, 'PATCH', path, body)).status).toBe(404)
      }
      expect((await send(role, 'DELETE', path)).status).toBe(404)
      for (const of of ['', '/raw', '/journey', '/attachments/0']) {
        expect((await send(role, 'GET', `/messages/${message}${of}`)).status, of).toBe(404)
      }
      const listed = await send(role, 'GET', '/messages')
      expect(listed.items.map(({ id }) => id)).not.toContain(message)
      expect((await send(role, 'GET', `/messages?mailbox=${mailbox.address}`)).status).toBe(404)
      expect((await send(role, 'POST', '/messages/batch', { ids: [message], action: 'purge' })).data['updated']).toBe(0)
      const frame = new Request(`http://localhost:8080/m/${message}/body`, { headers: { cookie: who(role).as } })
      expect((await test.api.render(frame)).status).toBe(404)
      expect((await send(above, 'GET', `/messages/${message}`)).status).toBe(200)
    })

    it.each(ABOVE)('cannot be created for or given to a higher role: by %s, for %s', async (role, above) => {
      const owner = { user_id: who(above).user.id }
      const made = await send(role, 'POST', '/mailboxes', { address: `${role}-${above}@${domain.name}`, ...owner })
      expect(made.status).toBe(403)
      expect((await send(role, 'PATCH', `/mailboxes/${who('user').mailbox.id}`, owner)).status).toBe(403)
    })

    it.each(ABOVE)(
      'cannot be the target of an alias or catch-all, directly or indirectly: by %s, to %s',
      async (role, above) => {
        const { db } = get()
        const target = who(above).mailbox.address
        const inner = await makeAlias(db, tenantScope(domain.tenantId), {
          domainId: domain.id,
          address: `i-${role}-${above}@${domain.name}`,
          targets: [target],
        })
        const outer = await makeAlias(db, tenantScope(domain.tenantId), {
          domainId: domain.id,
          address: `o-${role}-${above}@${domain.name}`,
          targets: [inner.address],
          enabled: false,
        })
        for (const { id } of [inner, outer]) {
          const path = `/aliases/${id}`
          expect((await send(role, 'PATCH', path, { targets: [who(role).mailbox.address] })).status).toBe(403)
          expect((await send(role, 'PATCH', path, { enabled: false })).status).toBe(403)
          expect((await send(role, 'DELETE', path)).status).toBe(403)
        }
        for (const to of [target, outer.address, target.replace('@', '+tag@')]) {
          for (const address of [`new-${role}-${above}@${domain.name}`, `*@${domain.name}`]) {
            expect((await send(role, 'POST', '/aliases', { address, targets: [to] })).status).toBe(403)
          }
        }
        const own = await send(role, 'POST', '/aliases', {
          address: `m-${role}-${above}@${domain.name}`,
          targets: ['x@out.example'],
        })
        expect((await send(role, 'PATCH', `/aliases/${own.data['id'] ?? ''}`, { targets: [target] })).status).toBe(403)
        if (role === 'tenant_admin') expect((await send(role, 'DELETE', `/domains/${domain.id}`)).status).toBe(403)
      },
    )

    it.each(ABOVE)('keeps its subaddresses, and those of aliases to it: by %s, of %s', async (role, above) => {
      const { mailbox } = who(above)
      const alias = await makeAlias(get().db, tenantScope(domain.tenantId), {
        domainId: domain.id,
        address: `sub-${role}-${above}@${domain.name}`,
        targets: [mailbox.address],
      })
      const mine = await send(role, 'POST', '/mailboxes', { address: `mine-${role}-${above}@${domain.name}` })
      for (const base of [mailbox.address, alias.address]) {
        const address = base.replace('@', `+${role}-${above}@`)
        expect((await send(role, 'POST', '/mailboxes', { address })).status).toBe(403)
        expect((await send(role, 'PATCH', `/mailboxes/${mine.data['id'] ?? ''}`, { address })).status).toBe(403)
        const targets = [who(role).mailbox.address]
        expect((await send(role, 'POST', '/aliases', { address, targets })).status).toBe(403)
        expect((await send(above, 'POST', '/aliases', { address, targets })).status).toBe(201)
      }
      const own = who(role).mailbox.address.replace('@', `+${above}@`)
      expect((await send(role, 'POST', '/mailboxes', { address: own })).status).toBe(201)
    })

    it('stays out of reach of a key that is narrowed to it by name', async () => {
      const { mailbox, message } = who('super_admin')
      const as = await test.key(who('tenant_admin').user, [{ scope: 'read', mailboxes: [mailbox.address] }])
      expect((await test.send('GET', `/messages/${message}`, { as })).status).toBe(404)
      expect((await test.send('GET', '/mailboxes', { as })).items).toEqual([])
    })

    it('is out of reach as soon as its owner is promoted', async () => {
      const { user, mailbox } = who('user')
      const path = `/mailboxes/${mailbox.id}`
      expect((await send('domain_admin', 'PATCH', path, { display_name: 'U' })).status).toBe(200)
      await send('super_admin', 'PATCH', `/users/${user.id}`, { role: 'tenant_admin' })
      expect((await send('domain_admin', 'PATCH', path, { display_name: 'V' })).status).toBe(404)
      await send('super_admin', 'PATCH', `/users/${user.id}`, { role: 'user' })
    })
  })

  describe('reading somebody else’s mail', () => {
    const readings = async (role: Role) => {
      const filter = { action: 'mailbox.read', actorId: who(role).user.id }
      const entries = await listAuditEntries(get().db, tenantScope(domain.tenantId), filter, { limit: 100 })
      return entries.map(({ targetId }) => targetId)
    }

    it('leaves one audit entry an hour for each actor and mailbox', async () => {
      const { message, mailbox } = who('user')
      test.clock.now = new Date(Math.ceil(test.clock.now.getTime() / HOUR + 1) * HOUR)
      const admin = await test.user({ role: 'domain_admin', email: `second@${domain.name}` }, domain.tenantId)
      people.set('domain_admin', { ...who('domain_admin'), user: admin, as: await signIn(test, admin) })
      const read = () =>
        Promise.all(
          [`/messages/${message}`, `/messages/${message}/raw`, `/messages?mailbox=${mailbox.id}`].map((path) =>
            send('domain_admin', 'GET', path),
          ),
        )
      await read()
      await read()
      expect(await readings('domain_admin')).toEqual([mailbox.id])
      test.clock.now = new Date(test.clock.now.getTime() + HOUR)
      await read()
      expect(await readings('domain_admin')).toEqual([mailbox.id, mailbox.id])
    })

    it('is audited however it is read; reading one’s own mail is not', async () => {
      const { message } = who('user')
      const { data } = await send('super_admin', 'GET', `/messages/${message}`)
      const ways: (() => Promise<unknown>)[] = [
        () => send('super_admin', 'GET', `/messages/${message}`),
        () => send('super_admin', 'GET', `/messages/${message}/raw`),
        () => send('super_admin', 'GET', `/messages/${message}/attachments/0`),
        () => send('super_admin', 'GET', '/messages?subject=for'),
        () => send('super_admin', 'GET', `/threads/${data['thread_id'] ?? ''}`),
        () => send('super_admin', 'PATCH', `/messages/${message}`, { seen: true }),
        () => {
          const headers = { cookie: who('super_admin').as }
          return test.api.render(new Request(`http://localhost:8080/m/${message}/body`, { headers }))
        },
      ]
      for (const way of ways) {
        test.clock.now = new Date(test.clock.now.getTime() + HOUR)
        const before = (await readings('super_admin')).length
        await way()
        expect((await readings('super_admin')).length, way.toString()).toBeGreaterThan(before)
      }
      test.clock.now = new Date(test.clock.now.getTime() + HOUR)
      const before = (await readings('super_admin')).length
      await send('super_admin', 'GET', `/messages/${who('super_admin').message}`)
      await send('user', 'GET', `/messages/${message}`)
      expect(await readings('super_admin')).toHaveLength(before)
      expect(await readings('user')).toEqual([])
    })
  })
})
