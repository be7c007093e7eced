import { tenantScope } from '@mairust/db/queries/scope'
import type { UserRow } from '@mairust/db/queries/user'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import type { ApiKeyScope, Role } from '@mairust/db/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS, type Permission } from '../access/index.ts'
import { systemContext } from '../runtime.ts'
import { resetPassword } from '../services/user/index.ts'
import { makeTestApi, PASSWORD, signIn, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

const MANAGED = ['hooks:manage', 'plugins:manage', 'relay:manage'] as const satisfies Permission[]
const ALL = ['read', 'write', 'send', 'admin'] as const

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  /** A super_admin with a session, a maker with a role, and a key that the maker created. */
  const keyMadeBy = async (role: Role, of: 'self' | 'other') => {
    const top = await test.user({ role: 'super_admin' })
    const maker = await test.user({ role }, top.tenantId)
    const user = of === 'self' ? maker : await test.user({ role: 'user' }, top.tenantId)
    const body = { name: 'made', scopes: ALL, user_id: user.id }
    const made = await test.send('POST', '/admin/api-keys', { as: await signIn(test, maker), body })
    const { id = '', key = '' } = made.data
    return { as: await signIn(test, top), top, maker, user, id, key }
  }
  const status = async (key: string) => (await test.send('GET', '/mailboxes', { as: key })).status
  const listed = async (as: string, id: string) => {
    const { items } = await test.send('GET', '/admin/api-keys', { as })
    const found = items.find((item) => item['id'] === id)
    return [found?.['status'], found?.['status_reason']]
  }
  const patch = (as: string, user: UserRow, body: object) => test.send('PATCH', `/users/${user.id}`, { as, body })

  it.each(['self', 'other'] as const)('reading mail with a key that somebody else made is audited: %s', async (of) => {
    const { as, top, user, id, key } = await keyMadeBy('tenant_admin', of)
    const box = await makeMailbox(get().db, tenantScope(top.tenantId), { userId: user.id })
    await deliver(get(), test.runtime, box, 'Subject: Mine\n\nhello\n')
    for (const path of ['/messages', '/messages?q=hello']) {
      expect(
        (await test.send('GET', `${path}${path.includes('?') ? '&' : '?'}mailbox=${box.id}`, { as: key })).items,
      ).toHaveLength(1)
    }
    const { items } = await test.send('GET', '/admin/audit?action=mailbox.read', { as })
    const readers = items.map((item) => [item['actor'], item['target']])
    expect(readers).toEqual(
      of === 'self' ? [] : [[expect.objectContaining({ kind: 'api_key', id }), { type: 'mailbox', id: box.id }]],
    )
  })

  describe('a key never has more permissions than its maker has now', () => {
    it.each(['self', 'other'] as const)('and is not valid while its maker is suspended: %s', async (of) => {
      const { as, maker, id, key } = await keyMadeBy('tenant_admin', of)
      expect(await status(key)).toBe(200)
      await patch(as, maker, { suspended: true })
      const refused = await test.send('GET', '/mailboxes', { as: key })
      expect(refused.status).toBe(401)
      expect(refused.error.message).toContain('suspended')
      expect((await listed(as, id))[0]).toBe('ended')
      await patch(as, maker, { suspended: false })
      expect(await status(key)).toBe(200)
    })

    it('and ends with its maker, who is named in the audit log', async () => {
      const { as, maker, id, key } = await keyMadeBy('tenant_admin', 'other')
      await test.send('DELETE', `/users/${maker.id}`, { as })
      expect(await status(key)).toBe(401)
      expect(await listed(as, id)).toEqual(['ended', 'maker_removed'])
      const audit = await test.send('GET', `/admin/audit?target_id=${maker.id}`, { as })
      expect(audit.items[0]).toMatchObject({ before: { api_key_ids_made_for_others: [id] } })
    })

    it.each(['self', 'other'] as const)('and ends when its maker’s password is reset: %s', async (of) => {
      const { as, maker, id, key } = await keyMadeBy('tenant_admin', of)
      await patch(as, maker, { password: 'another quiet harbour' })
      expect(await status(key)).toBe(401)
      expect(await listed(as, id)).toEqual(['ended', 'password_reset'])
      const later = { expires_at: new Date(test.clock.now.getTime() + 86_400_000).toISOString() }
      await test.send('PATCH', `/admin/api-keys/${id}`, { as, body: later })
      expect(await status(key)).toBe(401)
      const rotated = await test.send('POST', `/admin/api-keys/${id}/rotate`, { as })
      expect(rotated.data['status']).toBe('active')
      expect(await status(rotated.data['key'] ?? '')).toBe(200)
    })

    it('and ends when the command line resets the password', async () => {
      const { maker, key } = await keyMadeBy('tenant_admin', 'self')
      const ctx = systemContext(test.runtime, maker.tenantId)
      await resetPassword(ctx, { email: maker.email, password: 'another quiet harbour' })
      expect(await status(key)).toBe(401)
    })

    it('and shrinks with its maker’s role', async () => {
      const { as, maker, id, key } = await keyMadeBy('super_admin', 'self')
      expect((await test.send('GET', '/admin/audit', { as: key })).status).toBe(200)
      await patch(as, maker, { role: 'user' })
      expect((await test.send('GET', '/admin/audit', { as: key })).status).toBe(403)
      expect(await status(key)).toBe(200)
      expect(await listed(as, id)).toEqual(['reduced', 'role_lost'])
    })

    it('and stops reading another user’s mail when its maker may not any more', async () => {
      const { as, maker, user, key } = await keyMadeBy('tenant_admin', 'other')
      const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
      const message = await deliver(get(), test.runtime, mailbox, 'Subject: x\n\nx\n')
      const read = () => test.send('GET', `/messages/${message}`, { as: key })
      expect((await read()).status).toBe(200)
      await patch(as, maker, { role: 'user' })
      expect((await read()).status).toBe(404)
    })
  })

  describe('scopes with different limits', () => {
    it('apply separately', async () => {
      const user = await test.user({ role: 'super_admin' })
      const boxes = await Promise.all(
        ['read', 'write'].map(async (name) => {
          const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId))
          return { mailbox, message: await deliver(get(), test.runtime, mailbox, `Subject: ${name}\n\nx\n`) }
        }),
      )
      const [reads, writes] = boxes
      const as = await test.key(user, [
        { scope: 'read', mailboxes: [reads?.mailbox.address ?? ''] },
        { scope: 'write', mailboxes: [writes?.mailbox.id ?? ''] },
      ])
      const get_ = (id = '') => test.send('GET', `/messages/${id}`, { as })
      const mark = (id = '') => test.send('PATCH', `/messages/${id}`, { as, body: { seen: true } })
      expect((await get_(reads?.message)).status).toBe(200)
      expect((await mark(reads?.message)).status).toBe(404)
      expect((await get_(writes?.message)).status).toBe(404)
      expect((await mark(writes?.message)).json).toEqual({ data: { id: writes?.message } })
      expect((await test.send('GET', '/messages', { as })).items.map(({ id }) => id)).toEqual([reads?.message])
    })

    it('cannot create a key with wider limits', async () => {
      const user = await test.user({ role: 'super_admin' })
      const mailbox = await makeMailbox(get().db, tenantScope(user.tenantId))
      const as = await test.key(user, ['admin', { scope: 'read', mailboxes: [mailbox.address] }])
      const make = (scopes: (string | ApiKeyScope)[]) =>
        test.send('POST', '/admin/api-keys', { as, body: { name: 'child', scopes } })
      expect((await make(['read'])).status).toBe(403)
      expect((await make(['admin'])).status).toBe(201)
    })
  })

  describe('the scope admin without the mail scopes', () => {
    it.each([['admin'], ['admin', 'read'], ['admin', 'read', 'write']] as const)(
      'cannot set passwords or create administrators: %s %s %s',
      async (...scopes) => {
        const top = await test.user({ role: 'super_admin' })
        const user = await test.user({}, top.tenantId)
        const as = await test.key(top, scopes)
        const create = (body: object) => test.send('POST', '/users', { as, body })
        const email = `new-${scopes.length}-${user.id.slice(-8)}@example.org`
        expect((await create({ email, password: PASSWORD })).status).toBe(403)
        expect((await create({ email, role: 'domain_admin' })).status).toBe(403)
        expect((await create({ email })).status).toBe(201)
        expect((await patch(as, user, { password: PASSWORD })).status).toBe(403)
        expect((await patch(as, user, { role: 'tenant_admin' })).status).toBe(403)
        expect((await patch(as, user, { name: 'Renamed' })).status).toBe(200)
        const body = { tenant_admins_manage_equals: true }
        expect((await test.send('PATCH', '/admin/settings', { as, body })).status).toBe(403)
      },
    )

    it('cannot give away mail that it may not read, or change which domain somebody administers', async () => {
      const top = await test.user({ role: 'super_admin' })
      const owner = await test.user({ role: 'domain_admin' }, top.tenantId)
      const user = await test.user({}, top.tenantId)
      const box = await makeMailbox(get().db, tenantScope(top.tenantId), { userId: owner.id })
      const give = async (scopes: Parameters<typeof test.key>[1], to: string | null) =>
        (
          await test.send('PATCH', `/mailboxes/${box.id}`, {
            as: await test.key(top, scopes),
            body: { user_id: to, display_name: 'D' },
          })
        ).status
      for (const scopes of [['admin'], ['admin', 'read'], ['admin', 'read', 'write']] as const) {
        expect(await give(scopes, user.id)).toBe(403)
        expect(await give(scopes, owner.id)).toBe(200)
        const body = { email: `moved-${scopes.length}@elsewhere.example` }
        expect((await patch(await test.key(top, scopes), owner, body)).status).toBe(403)
      }
      expect(await give(ALL, user.id)).toBe(200)
      expect((await patch(await test.key(top, ALL), owner, { email: 'moved@elsewhere.example' })).status).toBe(200)
    })

    it('can do both with all of them', async () => {
      const top = await test.user({ role: 'super_admin' })
      const user = await test.user({}, top.tenantId)
      const as = await test.key(top, ALL)
      expect((await patch(as, user, { password: PASSWORD, role: 'domain_admin' })).status).toBe(200)
    })
  })

  describe('the administration of hooks, plugins and relays', () => {
    it('needs a scope of its own', async () => {
      const top = await test.user({ role: 'super_admin' })
      const held = async (scopes: readonly (string | ApiKeyScope)[]) => {
        const made = await test.send('POST', '/admin/api-keys', {
          as: await signIn(test, top),
          body: { name: 'x', scopes },
        })
        expect(made.status, JSON.stringify(made.json)).toBe(201)
        const me = await test.send('GET', '/auth/me', { as: made.data['key'] ?? '' })
        return PERMISSIONS.filter((permission) => JSON.stringify(me.json).includes(`"${permission}"`))
      }
      const without = await held(['read', 'write', 'send', 'admin', 'plugin'])
      for (const permission of MANAGED) {
        expect(without).not.toContain(permission)
        expect(await held([permission])).toEqual([permission])
      }
      const as = await signIn(test, top)
      const narrowed = { name: 'x', scopes: [{ scope: 'hooks:manage', domains: ['x.example'] }] }
      expect((await test.send('POST', '/admin/api-keys', { as, body: narrowed })).status).toBe(422)
    })
  })

  describe('an invalid key', () => {
    it('is told so, with the reason only if it has the right secret', async () => {
      const { as, id, key } = await keyMadeBy('super_admin', 'self')
      const said = async (text: string) => (await test.send('GET', '/mailboxes', { as: text })).error.message
      expect(await said('mk_live_nonsense')).toContain('not valid')
      await test.send('PATCH', `/admin/api-keys/${id}`, { as, body: { expires_at: later(test.clock.now, 1) } })
      const before = test.clock.now
      test.clock.now = new Date(before.getTime() + 60_000)
      expect(await said(key)).toContain('expired')
      test.clock.now = before
      await test.send('DELETE', `/admin/api-keys/${id}`, { as })
      expect(await said(key)).toContain('not valid')
      expect((await test.send('GET', '/mailboxes')).error.message).toBe('Sign in, or send an API key.')
    })
  })
})

const later = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString()
