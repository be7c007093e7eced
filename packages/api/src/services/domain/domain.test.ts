import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  let as: string
  let tenantAs: string
  beforeAll(async () => {
    test = makeTestApi(get())
    const admin = await test.user({ role: 'super_admin' })
    as = await test.key(admin)
    tenantAs = await test.key(await test.user({ role: 'tenant_admin' }, admin.tenantId))
  })
  const add = async (name: string, key = as) => (await test.send('POST', '/domains', { as: key, body: { name } })).data

  describe('domains', () => {
    it('are pending until the TXT record is found', async () => {
      const { id = '' } = await add('proof.example', tenantAs)
      const records = (await test.send('GET', `/domains/${id}/dns`, { as: tenantAs })).items
      const purposes = ['verification', 'mx', 'spf', 'dkim', 'dkim', 'dmarc', 'mta_sts', 'mta_sts_host', 'tls_rpt']
      expect(records.map(({ purpose }) => purpose)).toEqual(purposes)
      const proof = records[0] ?? {}
      expect(proof['name']).toBe('_mairust-verify.proof.example')
      const verify = () => test.send('POST', `/domains/${id}/verification`, { as: tenantAs })
      test.dns.txt(proof['name'] ?? '', 'something else')
      expect((await verify()).data).toMatchObject({ verified: false, status: 'pending', found: ['something else'] })
      test.dns.txt(proof['name'] ?? '', 'something else', proof['value'] ?? '')
      expect((await verify()).data).toMatchObject({ verified: true, status: 'active' })
      expect((await verify()).data).toMatchObject({ verified: true, status: 'active' })
    })

    it('are activated without proof only by a super_admin', async () => {
      const body = { name: 'at-once.example', active: true }
      expect((await test.send('POST', '/domains', { as: tenantAs, body })).status).toBe(403)
      expect((await test.send('POST', '/domains', { as, body })).data['status']).toBe('active')
      const { id = '' } = await add('later.example')
      const patch = (key: string, change: object) => test.send('PATCH', `/domains/${id}`, { as: key, body: change })
      expect((await patch(tenantAs, { active: true })).status).toBe(403)
      expect((await patch(tenantAs, { active: false })).data['status']).toBe('pending')
      expect((await patch(as, { active: true })).data['status']).toBe('active')
      expect((await patch(tenantAs, { active: false })).data['status']).toBe('suspended')
      expect((await patch(tenantAs, { active: true })).status).toBe(403)
      expect((await test.send('POST', `/domains/${id}/verification`, { as: tenantAs })).data['status']).toBe(
        'suspended',
      )
    })

    it('have a valid name, active in only one tenant, that cannot change', async () => {
      for (const name of ['no domain', 'a@b.example', '192.0.2.1', '', 'x'.repeat(300)]) {
        expect((await test.send('POST', '/domains', { as, body: { name } })).status, name).toBe(422)
      }
      const { id, name } = await add('日本.example')
      expect(name).toBe('xn--wgv71a.example')
      const foreign = await test.key(await test.user({ role: 'super_admin' }))
      await test.send('PATCH', `/domains/${id ?? ''}`, { as, body: { active: true } })
      const taken = { name: '日本.EXAMPLE', active: true }
      expect((await test.send('POST', '/domains', { as: foreign, body: taken })).status).toBe(409)
      const rename = (to: string) => test.send('PATCH', `/domains/${id ?? ''}`, { as, body: { name: to } })
      expect((await rename('other.example')).status).toBe(422)
      expect((await rename('日本.example')).status).toBe(200)
    })

    it('can be aliases of a domain that has addresses of its own', async () => {
      const { id: real = '' } = await add('real.example')
      const make = (body: object) => test.send('POST', '/domains', { as, body })
      const made = await make({ name: 'also.example', alias_of_id: real })
      expect(made.data).toMatchObject({ name: 'also.example', alias_of_id: real })
      const also = made.data['id'] ?? ''
      const patch = (id: string, change: object) => test.send('PATCH', `/domains/${id}`, { as, body: change })
      const field = (body: object) =>
        make({ name: 'bad.example', ...body }).then(({ error }) => error.details[0]?.field)
      expect(await field({ alias_of_id: also })).toBe('alias_of_id')
      expect(await field({ alias_of_id: 'dom_00000000000000000000000000' })).toBe('alias_of_id')
      expect(await field({ alias_of_id: 'real.example' })).toBe('alias_of_id')
      expect((await patch(real, { alias_of_id: real })).status).toBe(422)
      const { id: third = '' } = await add('third.example')
      expect((await patch(real, { alias_of_id: third })).status).toBe(409)
      expect((await patch(third, { alias_of_id: real })).data['alias_of_id']).toBe(real)
      expect((await patch(third, { alias_of_id: null })).data['alias_of_id']).toBeNull()
      const inAlias = await test.send('POST', '/mailboxes', { as, body: { address: 'a@also.example' } })
      expect(inAlias.error.details[0]?.field).toBe('address')
      expect((await test.send('POST', '/mailboxes', { as, body: { address: 'a@third.example' } })).status).toBe(201)
      expect((await patch(third, { alias_of_id: real })).status).toBe(409)
      expect((await test.send('DELETE', `/domains/${real}`, { as })).status).toBe(409)
      expect((await test.send('DELETE', `/domains/${also}`, { as })).status).toBe(200)
      expect((await test.send('DELETE', `/domains/${real}`, { as })).status).toBe(200)
    })

    it('list in the audit entry the aliases that are removed with them', async () => {
      const { id = '' } = await add('aliased.example')
      for (const local of ['two', 'one']) {
        const body = { address: `${local}@aliased.example`, targets: ['x@example.org'] }
        await test.send('POST', '/aliases', { as, body })
      }
      const answers = await Promise.all([1, 2].map(() => test.send('DELETE', `/domains/${id}`, { as })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
      const audit = await test.send('GET', `/admin/audit?target_id=${id}&action=domain.delete`, { as })
      expect(audit.items).toMatchObject([{ before: { aliases: ['one@aliased.example', 'two@aliased.example'] } }])
    })

    it('keep concurrent changes; two that become aliases of each other do not deadlock', async () => {
      const [{ id: one = '' }, { id: two = '' }] = [await add('one-way.example'), await add('or-another.example')]
      const patch = (id: string, body: object) => test.send('PATCH', `/domains/${id}`, { as, body })
      const answers = await Promise.all([patch(one, { alias_of_id: two }), patch(two, { alias_of_id: one })])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
      const [alias, real] = answers[0].status === 200 ? [one, two] : [two, one]
      await Promise.all([
        patch(alias, { active: true }),
        patch(alias, { alias_of_id: null }),
        patch(real, { active: true }),
      ])
      expect((await test.send('GET', `/domains/${alias}`, { as })).data).toMatchObject({
        status: 'active',
        alias_of_id: null,
      })
    })

    it('with mailboxes cannot be removed', async () => {
      const { id = '' } = await add('kept.example')
      const me = await test.send('GET', '/auth/me', { as })
      const { tenantId } = (await get().db.select().from(get().db.tables.users)).find(
        (row) => row.id === me.data['id'],
      ) ?? { tenantId: '' }
      await makeMailbox(get().db, tenantScope(tenantId), { domainId: id })
      expect((await test.send('DELETE', `/domains/${id}`, { as })).status).toBe(409)
      expect((await test.send('GET', `/domains/${id}`, { as })).status).toBe(200)
    })
  })
})
