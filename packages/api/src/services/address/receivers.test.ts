import { putSetting } from '@mairust/db/queries/setting'
import { tenantScope } from '@mairust/db/queries/scope'
import { updateUserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeAlias, makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  /** A domain with an alias, and another one; people with mailboxes are added to either. */
  const world = async () => {
    const { db } = get()
    const { tenantId } = await test.user({ role: 'super_admin' })
    const scope = tenantScope(tenantId)
    const domain = await makeDomain(db, scope)
    const elsewhere = await makeDomain(db, scope)
    const also = await makeDomain(db, scope, { aliasOfId: domain.id })
    const at = (local: string, { name } = domain) => `${local}@${name}`
    const person = async (role: Role, local: string, where = domain) => {
      const user = await test.user({ role, email: at(local, where) }, tenantId)
      const values = { domainId: where.id, address: at(local, where), userId: user.id }
      return { user, mailbox: await makeMailbox(db, scope, values), as: await signIn(test, user) }
    }
    const alias = async (local: string, ...targets: string[]) =>
      `/aliases/${(await makeAlias(db, scope, { domainId: domain.id, address: at(local), targets })).id}`
    const allowEquals = () =>
      putSetting(db, scope, { key: 'tenant_admins_manage_equals', value: true, updatedAt: test.clock.now })
    return { scope, domain, elsewhere, also, at, person, alias, allowEquals }
  }
  const status = async (as: string, method: string, path: string, body?: object) =>
    (await test.send(method, path, { as, ...(body === undefined ? {} : { body }) })).status

  describe.each(['domain_admin', 'tenant_admin'] as const)('mail of an equal is taken by nobody: %s', (role) => {
    it('by a subaddress', async () => {
      const { at, person, alias, allowEquals } = await world()
      const [{ as, user, mailbox }] = [await person(role, 'me'), await person(role, 'peer')]
      const spare = await test.send('POST', '/mailboxes', { as, body: { address: at('spare') } })
      const sparePath = `/mailboxes/${spare.data['id'] ?? ''}`
      const aliasPath = await alias('other', at('me'))
      await alias('team', at('me'), at('peer'))
      const tries = async (base: string) => [
        await status(as, 'POST', '/mailboxes', { address: at(`${base}+a`), user_id: user.id }),
        await status(as, 'POST', '/aliases', { address: at(`${base}+b`), targets: [mailbox.address] }),
        await status(as, 'PATCH', sparePath, { address: at(`${base}+c`) }),
        await status(as, 'PATCH', aliasPath, { address: at(`${base}+d`) }),
      ]
      expect(await tries('peer')).toEqual([403, 403, 403, 403])
      expect(await tries('team')).toEqual([403, 403, 403, 403])
      expect(await tries('me')).toEqual([201, 201, 200, 200])
      if (role === 'domain_admin') return
      await allowEquals()
      expect(await tries('peer')).toEqual([201, 201, 200, 200])
    })

    it('by the change or removal of an alias; others may join it, and each may leave', async () => {
      const { at, person, alias } = await world()
      const [{ as }] = [await person(role, 'me'), await person(role, 'peer'), await person('user', 'ann')]
      await alias('inner', at('peer'))
      await test.send('POST', '/aliases', { as, body: { address: at('off'), targets: [at('peer')], enabled: false } })
      for (const [local, target] of [
        ['outer', at('inner')],
        ['direct', at('peer+tag')],
      ] as const) {
        const path = await alias(local, target)
        const taken = [
          { targets: [at('me')] },
          { targets: [at('me'), at('off')] },
          { enabled: false },
          { address: at('moved') },
        ]
        for (const body of taken) expect(await status(as, 'PATCH', path, body), path).toBe(403)
        expect(await status(as, 'DELETE', path)).toBe(403)
        expect(await status(as, 'PATCH', path, { targets: [target, at('me'), at('ann')] })).toBe(200)
        expect(await status(as, 'PATCH', path, { targets: [at('me'), target] })).toBe(200)
        expect(await status(as, 'PATCH', path, { targets: [target], enabled: true })).toBe(200)
        // Until mail is forwarded, an alias with such a target gets none.
        const outside = await alias(`out-${local}`, 'x@elsewhere.example')
        for (const added of ['x@elsewhere.example', at(`out-${local}`)]) {
          expect(await status(as, 'PATCH', path, { targets: [target, added] }), added).toBe(403)
        }
        expect(await status(as, 'PATCH', outside, { targets: ['y@elsewhere.example', at('me')] })).toBe(200)
      }
      const own = await alias('own', at('me'), at('ann'))
      expect(await status(as, 'PATCH', own, { targets: [at('me')], enabled: false })).toBe(200)
      expect(await status(as, 'DELETE', own)).toBe(200)
    })

    it('with a clear refusal; who already has such an address keeps it', async () => {
      const { at, domain, person, scope } = await world()
      const [{ as }, peer] = [await person(role, 'me'), await person(role, 'peer')]
      const body = { address: at('peer+x'), targets: [at('me')] }
      const refused = await test.send('POST', '/aliases', { as, body })
      expect(refused.error.message).toContain(`take mail from a ${role}, whom your role does not allow you to change`)
      const given = { domainId: domain.id, address: at('peer+mine'), targets: [at('me')] }
      const mine = await makeAlias(get().db, scope, given)
      expect(await status(as, 'PATCH', `/aliases/${mine.id}`, { address: given.address })).toBe(200)
      expect(await status(as, 'PATCH', `/mailboxes/${peer.mailbox.id}`, { address: at('me2') })).toBe(403)
    })
  })

  describe('mail for a domain alias is taken from nobody whom the actor does not manage', () => {
    const ways: [string, (at: (local: string) => string, boss: string) => [string, string][]][] = [
      ['an alias', (_, boss) => [['sales', boss]]],
      ['a catch-all', (_, boss) => [['*', boss.replace('@', '+all@')]]],
      [
        'aliases in a row',
        (at, boss) => [
          ['inner', boss],
          ['outer', at('inner+tag')],
        ],
      ],
      ['a mailbox', () => []],
    ]

    it.each(ways)('when it reaches somebody through %s', async (way, aliases) => {
      const { domain, elsewhere, also, at, person, alias } = await world()
      const { as } = await person('tenant_admin', 'me')
      await person('domain_admin', 'helper')
      const path = `/domains/${also.id}`
      const patch = (body: object, key = as) => status(key, 'PATCH', path, body)
      const boss = await person('super_admin', 'boss', way === 'a mailbox' ? domain : elsewhere)
      for (const [from, to] of aliases((local) => at(local), boss.mailbox.address)) await alias(from, to)
      const refused = await test.send('PATCH', path, { as, body: { alias_of_id: null } })
      expect(refused.error.message).toContain('take mail from users whom your role does not allow you to change')
      expect(await patch({ alias_of_id: elsewhere.id })).toBe(403)
      expect(await status(as, 'DELETE', path)).toBe(403)
      // It stays an alias, and no address of it can be taken, while it is suspended.
      expect(await patch({ alias_of_id: domain.id, active: false })).toBe(200)
      expect(await patch({ alias_of_id: null })).toBe(403)
      expect(await status(as, 'POST', '/mailboxes', { address: at('boss', also) })).toBe(422)
      expect(await patch({ alias_of_id: elsewhere.id }, boss.as)).toBe(200)
      expect(await patch({ alias_of_id: null }, boss.as)).toBe(200)
    })

    it('when it reaches an equal, unless equals manage each other', async () => {
      const { domain, also, person, allowEquals } = await world()
      const [{ as }] = [await person('tenant_admin', 'me'), await person('tenant_admin', 'peer')]
      const patch = (aliasOf: string | null) => status(as, 'PATCH', `/domains/${also.id}`, { alias_of_id: aliasOf })
      expect(await patch(null)).toBe(403)
      await allowEquals()
      expect(await patch(null)).toBe(200)
      expect(await patch(domain.id)).toBe(200)
      expect(await status(as, 'DELETE', `/domains/${also.id}`)).toBe(200)
    })

    it('but domain aliases of people below, and those that accept no mail yet, are ended, led elsewhere and removed', async () => {
      const { domain, elsewhere, also, at, person, alias, scope } = await world()
      const { as } = await person('tenant_admin', 'me')
      await person('super_admin', 'boss', elsewhere)
      await person('domain_admin', 'helper')
      await alias('team', at('me'), at('helper'), 'x@out.example')
      const patch = (aliasOf: string | null, { id } = also) =>
        status(as, 'PATCH', `/domains/${id}`, { alias_of_id: aliasOf })
      const pending = await makeDomain(get().db, scope, { aliasOfId: elsewhere.id, status: 'pending' })
      expect(await patch(null, pending)).toBe(200)
      expect(await status(as, 'DELETE', `/domains/${pending.id}`)).toBe(200)
      expect(await patch(null)).toBe(200)
      expect(await patch(domain.id)).toBe(200)
      expect(await patch(elsewhere.id)).toBe(200)
      expect(await patch(domain.id)).toBe(403)
      // A domain with addresses cannot become an alias: mail for them would lead elsewhere.
      expect(await patch(domain.id, elsewhere)).toBe(409)
    })

    it('by a key with a lower role than its user, not even from that user', async () => {
      const { elsewhere, also, person, scope } = await world()
      const { user } = await person('super_admin', 'me')
      const maker = await person('super_admin', 'maker', elsewhere)
      const body = { name: 'reduced', scopes: ['read', 'write', 'send', 'admin'], user_id: user.id }
      const made = await test.send('POST', '/admin/api-keys', { as: maker.as, body })
      const end = () => status(made.data['key'] ?? '', 'PATCH', `/domains/${also.id}`, { alias_of_id: null })
      await updateUserRow(get().db, scope, maker.user.id, { role: 'tenant_admin' })
      expect(await end()).toBe(403)
      await updateUserRow(get().db, scope, user.id, { role: 'tenant_admin' })
      expect(await end()).toBe(200)
    })

    it('or for the aliases of a domain, by its removal', async () => {
      const { elsewhere, at, person, scope, allowEquals } = await world()
      const [{ as }] = [await person('tenant_admin', 'me'), await person('tenant_admin', 'peer')]
      const values = { domainId: elsewhere.id, address: at('peer', elsewhere), targets: [at('peer')] }
      await makeAlias(get().db, scope, values)
      expect(await status(as, 'DELETE', `/domains/${elsewhere.id}`)).toBe(403)
      await allowEquals()
      expect(await status(as, 'DELETE', `/domains/${elsewhere.id}`)).toBe(200)
    })
  })
})
