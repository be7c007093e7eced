import { createPublicKey } from 'node:crypto'
import { listDkimKeyRows, privateKeyPlace } from '@mairust/db/queries/dkim-key'
import { tenantScope } from '@mairust/db/queries/scope'
import { openVault } from '@mairust/db/secrets'
import { makeDomain, withDatabases } from '@mairust/db/testing'
import { keyRecord } from '@mairust/mail-core/auth'
import { beforeEach, describe, expect, it } from 'vitest'
import type { UserRow } from '@mairust/db/queries/user'
import { makeTestApi, type TestApi } from '../../testing/api.ts'
import { advanceDkimKeys, renewDkimKeys } from './index.ts'

const DAY = 86_400_000

withDatabases((get) => {
  let test: TestApi
  let admin: UserRow
  let as: string
  beforeEach(async () => {
    test = makeTestApi(get())
    admin = await test.user({ role: 'super_admin' })
    as = await test.key(admin)
  })
  let count = 0
  const add = async () => {
    const name = `signs${(count += 1)}-${get().dialect}.example`
    const { id = '' } = (await test.send('POST', '/domains', { as, body: { name, active: true } })).data
    return { id, name }
  }
  const rows = (id: string) => listDkimKeyRows(get().db, tenantScope(admin.tenantId), id)
  const states = async (id: string) => (await rows(id)).map(({ algorithm, state }) => `${algorithm} ${state}`).sort()
  const publish = async (id: string, name: string) => {
    for (const { selector, record } of await rows(id)) test.dns.txt(`${selector}._domainkey.${name}`, record)
  }
  const advance = (days: number) => {
    test.clock.now = new Date(test.clock.now.getTime() + days * DAY)
    return advanceDkimKeys(test.runtime)
  }
  const BOTH_PENDING = ['ed25519-sha256 pending', 'rsa-sha256 pending']
  const BOTH_ACTIVE = ['ed25519-sha256 active', 'rsa-sha256 active']

  describe('DKIM keys', () => {
    it('are made with the domain, one of each algorithm, and only the vault opens them', async () => {
      const { id, name } = await add()
      const answer = await test.send('GET', `/domains/${id}/dkim`, { as })
      expect(answer.items).toMatchObject([
        { algorithm: 'rsa-sha256', state: 'pending', activated_at: null },
        { algorithm: 'ed25519-sha256', state: 'pending', activated_at: null },
      ])
      expect(JSON.stringify(answer.json)).not.toContain('PRIVATE')
      const [rsa, ed25519] = await rows(id)
      if (rsa === undefined || ed25519 === undefined) throw new Error('keys are missing')
      expect(answer.items[0]).toMatchObject({
        record_name: `${rsa.selector}._domainkey.${name}`,
        record: rsa.record,
      })
      expect(rsa.privateKey).not.toContain('PRIVATE')
      for (const key of [rsa, ed25519]) {
        const pem = test.runtime.vault.open(privateKeyPlace(admin.tenantId, key.id), key.privateKey)
        expect(keyRecord(key.algorithm, pem)).toBe(key.record)
        const other = privateKeyPlace(admin.tenantId, key === rsa ? ed25519.id : rsa.id)
        expect(() => test.runtime.vault.open(other, key.privateKey)).toThrow()
      }
      const pem = test.runtime.vault.open(privateKeyPlace(admin.tenantId, rsa.id), rsa.privateKey)
      expect(createPublicKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048)
    })

    it('are not kept when the domain is not made', async () => {
      const { name } = await add()
      const count = async () => (await get().db.select().from(get().db.tables.dkimKeys)).length
      const before = await count()
      expect((await test.send('POST', '/domains', { as, body: { name } })).status).toBe(409)
      expect(await count()).toBe(before)
    })

    it('go with their domain', async () => {
      const { id } = await add()
      await test.send('DELETE', `/domains/${id}`, { as })
      expect(await rows(id)).toEqual([])
    })

    it('sign once their records are in DNS', async () => {
      const { id, name } = await add()
      await advance(0)
      expect(await states(id)).toEqual(BOTH_PENDING)
      await publish(id, name)
      await advance(0)
      expect(await states(id)).toEqual(BOTH_PENDING)
      await advance(0.01)
      expect(await states(id)).toEqual(BOTH_ACTIVE)
      const { items } = await test.send('GET', `/domains/${id}/dkim`, { as })
      expect(items.map(({ activated_at: at }) => at)).toEqual([
        test.clock.now.toISOString(),
        test.clock.now.toISOString(),
      ])
    })

    it.each<[string, (test: TestApi, at: string, record: string) => void]>([
      ['of another key', (test, at) => test.dns.txt(at, 'v=DKIM1; k=rsa; p=AAAA')],
      ['that occurs twice', (test, at, record) => test.dns.txt(at, record, record)],
      ['that is revoked', (test, at) => test.dns.txt(at, 'v=DKIM1; k=rsa; p=')],
      ['that cannot be looked up', (test, at) => test.dns.set(at, 'TXT', 'trouble')],
    ])('do not sign with a record %s', async (_, put) => {
      const { id, name } = await add()
      for (const { selector, record } of await rows(id)) put(test, `${selector}._domainkey.${name}`, record)
      await test.send('POST', `/domains/${id}/dkim/activation`, { as })
      expect(await states(id)).toEqual(BOTH_PENDING)
    })

    it('can be looked up at once, or used without', async () => {
      const { id, name } = await add()
      const activate = (body?: object) =>
        test.send('POST', `/domains/${id}/dkim/activation`, { as, ...(body === undefined ? {} : { body }) })
      const [rsa] = await rows(id)
      test.dns.txt(`${rsa?.selector ?? ''}._domainkey.${name}`, rsa?.record ?? '')
      expect((await activate()).status).toBe(200)
      expect(await states(id)).toEqual(['ed25519-sha256 pending', 'rsa-sha256 active'])
      expect((await activate({ force: true })).status).toBe(200)
      expect(await states(id)).toEqual(BOTH_ACTIVE)
    })

    it('are rotated with overlap: new ones wait for DNS, old ones stay for longer than their signatures count', async () => {
      const { id, name } = await add()
      await publish(id, name)
      await advance(0)
      expect(await states(id)).toEqual(BOTH_ACTIVE)
      const old = (await rows(id)).map(({ id: key }) => key)

      const rotate = () => test.send('POST', `/domains/${id}/dkim/rotation`, { as })
      expect((await rotate()).status).toBe(200)
      expect(await states(id)).toEqual([...BOTH_ACTIVE, ...BOTH_PENDING].sort())
      expect((await rotate()).status).toBe(200)
      expect((await rows(id)).length).toBe(4)
      await advance(5)
      expect(await states(id)).toEqual([...BOTH_ACTIVE, ...BOTH_PENDING].sort())

      await publish(id, name)
      await advance(0.3)
      expect(await states(id)).toEqual([...BOTH_ACTIVE, 'ed25519-sha256 retired', 'rsa-sha256 retired'].sort())
      const now = await rows(id)
      expect(now.filter(({ state }) => state === 'retired').map(({ id: key }) => key)).toEqual(old)
      await advance(7.5)
      expect((await rows(id)).length).toBe(4)
      await advance(3)
      expect(await states(id)).toEqual(BOTH_ACTIVE)
      expect((await rows(id)).map(({ id: key }) => key)).not.toEqual(old)
    })

    it('are renewed by age, when one is missing, and after a new master key', async () => {
      const bare = await makeDomain(get().db, tenantScope(admin.tenantId))
      await renewDkimKeys(test.runtime, 180)
      expect(await states(bare.id)).toEqual(BOTH_PENDING)
      await publish(bare.id, bare.name)
      await advance(0.01)
      expect(await states(bare.id)).toEqual(BOTH_ACTIVE)
      await renewDkimKeys(test.runtime, 180)
      expect(await states(bare.id)).toEqual(BOTH_ACTIVE)

      test.clock.now = new Date(test.clock.now.getTime() + 181 * DAY)
      await renewDkimKeys(test.runtime, 0)
      expect(await states(bare.id)).toEqual(BOTH_ACTIVE)
      await renewDkimKeys(test.runtime, 180)
      await renewDkimKeys(test.runtime, 180)
      expect(await states(bare.id)).toEqual([...BOTH_ACTIVE, ...BOTH_PENDING].sort())

      const vault = openVault(Buffer.alloc(32, 9))
      await renewDkimKeys({ ...test.runtime, vault }, 180)
      expect(await states(bare.id)).toEqual([...BOTH_PENDING, 'ed25519-sha256 retired', 'rsa-sha256 retired'].sort())
      for (const { id, privateKey, state } of await rows(bare.id)) {
        if (state === 'pending') vault.open(privateKeyPlace(admin.tenantId, id), privateKey)
      }
    })

    it('change with an audit entry that names them, without their private halves', async () => {
      const { id, name } = await add()
      await publish(id, name)
      await advance(0)
      const audit = await test.send('GET', `/admin/audit?target_id=${id}&action=domain.update_dkim`, { as })
      const [entry] = audit.items
      expect(entry).toMatchObject({
        actor: { kind: 'system' },
        before: { keys: [{ state: 'pending' }, { state: 'pending' }] },
        after: { keys: [{ state: 'active' }, { state: 'active' }] },
      })
      expect(JSON.stringify(audit.json)).not.toContain('PRIVATE')
      expect(JSON.stringify(entry)).not.toContain('private')
    })
  })
})
