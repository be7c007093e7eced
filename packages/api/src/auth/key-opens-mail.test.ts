import { tenantScope } from '@mairust/db/queries/scope'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { ApiKeyScope, Role, Scope } from '@mairust/db/schema'
import { makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

type Scopes = readonly (Scope | ApiKeyScope)[]

const ALL: Scopes = ['read', 'write', 'send', 'admin']
/** Keys that may not read, change and send all mail. */
const LACKING: readonly Scopes[] = [['admin'], ['admin', 'read'], ['admin', 'read', 'write']]

withDatabases((get) => {
  let test: TestApi
  let top: UserRow
  let domain: { id: string; name: string }
  let elsewhere: { id: string; name: string }
  let count = 0
  beforeAll(async () => {
    test = makeTestApi(get())
    top = await test.user({ role: 'super_admin' })
    domain = await makeDomain(get().db, tenantScope(top.tenantId))
    elsewhere = await makeDomain(get().db, tenantScope(top.tenantId))
  })

  const name = () => `n${(count += 1)}@${domain.name}`
  const user = (role: Role, at = domain.name) =>
    test.user({ role, email: name().replace(domain.name, at) }, top.tenantId)
  const box = (owner: UserRow | null) =>
    makeMailbox(get().db, tenantScope(top.tenantId), {
      domainId: domain.id,
      address: name(),
      userId: owner?.id ?? null,
    })
  const withMail = async (owner: UserRow | null): Promise<MailboxRow> => {
    const mailbox = await box(owner)
    await deliver(get(), test.runtime, mailbox, 'Subject: secret\n\nx\n')
    return mailbox
  }
  const patch = async (scopes: Scopes, path: string, body: object) =>
    (await test.send('PATCH', path, { as: await test.key(top, scopes), body })).status
  const mailIn = async (as: string, { id }: MailboxRow) => {
    const { items, status } = await test.send('GET', `/messages?mailbox=${id}`, { as })
    return status === 200 ? items.length : status
  }

  describe('a key that lacks the mail of a mailbox opens it to nobody', () => {
    it.each(LACKING)('neither by taking away its owner, nor by another address: %s %s %s', async (...scopes) => {
      const admin = await signIn(test, await user('domain_admin'))
      const mailbox = await withMail(await user('super_admin'))
      const path = `/mailboxes/${mailbox.id}`
      const moved = `moved${scopes.length}@${elsewhere.name}`
      for (const body of [{ user_id: null }, { address: name() }, { address: moved }]) {
        expect(await patch(scopes, path, body)).toBe(403)
      }
      expect(await mailIn(admin, mailbox)).toBe(404)
      // What it already is opens nothing.
      expect(await patch(scopes, path, { user_id: mailbox.userId, address: mailbox.address, quota_mb: 9 })).toBe(200)
      expect(await patch(ALL, path, { address: moved })).toBe(200)
      expect(await patch(ALL, path, { user_id: null })).toBe(200)
    })

    it('nor by moving it to an address or a domain that the key may read', async () => {
      const mailbox = await withMail(await user('user'))
      const probe = await box(null)
      const empty = await makeDomain(get().db, tenantScope(top.tenantId))
      const admins: Scopes = ['admin', { scope: 'admin', domains: [domain.name, empty.name] }]
      for (const narrowed of [{ mailboxes: [probe.address] }, { domains: [empty.name] }]) {
        for (const admin of admins) {
          const mail = (['read', 'write', 'send'] as const).map((scope) => ({ scope, ...narrowed }))
          const as = await test.key(top, [admin, ...mail])
          const send = (id: string, address: string) =>
            test.send('PATCH', `/mailboxes/${id}`, { as, body: { address } })
          await send(probe.id, name())
          expect((await send(mailbox.id, probe.address)).status).toBe(403)
          expect((await send(mailbox.id, `n${count}@${empty.name}`)).status).toBe(403)
          expect((await test.send('GET', '/messages', { as })).items).toEqual([])
          expect(await patch(ALL, `/mailboxes/${probe.id}`, { address: probe.address })).toBe(200)
        }
      }
    })

    it('nor by demoting or removing an administrator, or by moving a login to another domain', async () => {
      const admin = await signIn(test, await user('domain_admin'))
      const [high, plain] = [await user('super_admin'), await user('user')]
      const mailbox = await withMail(high)
      for (const scopes of LACKING) {
        const as = await test.key(top, scopes)
        expect(await patch(scopes, `/users/${high.id}`, { role: 'user' })).toBe(403)
        expect((await test.send('DELETE', `/users/${high.id}`, { as })).status).toBe(403)
        const email = `moved-${scopes.length}-${plain.id.slice(-8).toLowerCase()}`
        expect(await patch(scopes, `/users/${plain.id}`, { email: `${email}@${elsewhere.name}` })).toBe(403)
        expect(await patch(scopes, `/users/${plain.id}`, { email: `${email}@${domain.name}` })).toBe(200)
      }
      expect(await mailIn(admin, mailbox)).toBe(404)
      expect((await test.send('DELETE', `/users/${plain.id}`, { as: await test.key(top, ['admin']) })).status).toBe(200)
      expect(await patch(ALL, `/users/${high.id}`, { role: 'user' })).toBe(200)
      expect(await mailIn(admin, mailbox)).toBe(1)
    })
  })

  it('a mailbox without an owner and without mail may be handed on by a key that may read no mail', async () => {
    const owner = await user('user')
    const path = `/mailboxes/${(await box(null)).id}`
    expect(await patch(['admin'], path, { address: name() })).toBe(200)
    expect(await patch(['admin'], path, { user_id: owner.id })).toBe(200)
    expect(await patch(['admin'], path, { user_id: null })).toBe(403)
    expect(await patch(['admin'], `/mailboxes/${(await withMail(null)).id}`, { user_id: owner.id })).toBe(403)
  })
})
