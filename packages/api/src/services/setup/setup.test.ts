import { createTestDatabase, withDatabases } from '@mairust/db/testing'
import { openDatabase } from '@mairust/db'
import { describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, signIn, type TestApi } from '../../testing/api.ts'
import { systemContext } from '../../runtime.ts'
import { createAlias } from '../alias/index.ts'
import { createDomain } from '../domain/index.ts'
import { ensureDefaultTenant } from '../tenant/index.ts'
import { bootstrapAdmin, completeSetup, getSetupStatus, issueSetupToken } from './index.ts'

const WIZARD = { email: 'boss@corp.example', password: PASSWORD, name: 'Boss', domain: 'Corp.example' }
const from = { requestId: 'req_x', ip: '192.0.2.1', userAgent: '' }

withDatabases((get) => {
  /** Each test gets a new database, without an administrator. */
  const fresh = async (run: (test: TestApi) => Promise<void>): Promise<void> => {
    const { options, drop } = await createTestDatabase(get().dialect)
    const database = await openDatabase(options)
    try {
      await run(makeTestApi(database))
    } finally {
      await database.close()
      await drop()
    }
  }
  const complete = (test: TestApi, token: string | null, change: object = {}) =>
    completeSetup({ ...test.runtime, ...from }, { ...WIZARD, token: token ?? '', ...change })

  describe('the first run', () => {
    it('of a user who exists already ends their sessions and keys: those do not become an administrator’s', () =>
      fresh(async (test) => {
        const tenantId = await test.database.db.transaction((tx) => ensureDefaultTenant(tx, new Date()))
        const user = await test.user({ role: 'user', email: WIZARD.email }, tenantId)
        const held = [await signIn(test, user), await test.key(user, ['read'])]
        await complete(test, await issueSetupToken(test.runtime))
        for (const as of held) expect((await test.send('GET', '/auth/me', { as })).status).toBe(401)
        expect((await signIn(test, user)).length).toBeGreaterThan(0)
      }))

    it('leads from the link to a mailbox', () =>
      fresh(async (test) => {
        const old = await issueSetupToken(test.runtime)
        const token = await issueSetupToken(test.runtime)
        expect(token).toMatch(/^[\w-]{43}$/)
        const status = (given?: string | null) =>
          getSetupStatus({ ...test.runtime, ...from }, { token: given ?? undefined })
        expect(await status(old)).toEqual({ needed: true, token_valid: false })
        expect(await status()).toEqual({ needed: true, token_valid: false })
        expect(await status(token)).toEqual({ needed: true, token_valid: true })
        await expect(complete(test, old)).rejects.toMatchObject({ code: 'FORBIDDEN' })
        await expect(complete(test, '')).rejects.toMatchObject({ code: 'FORBIDDEN' })
        await expect(complete(test, token, { password: 'short' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
        await expect(complete(test, token, { domain: 'no domain' })).rejects.toMatchObject({
          details: [{ field: 'domain', reason: expect.any(String) as string }],
        })
        await expect(complete(test, token, { mailbox: 'a@other.example' })).rejects.toMatchObject({
          details: [{ field: 'mailbox', reason: 'must be in corp.example' }],
        })
        expect(await complete(test, token)).toMatchObject({ mailbox_address: 'boss@corp.example' })
        expect(await status(token)).toEqual({ needed: false, token_valid: false })
        await expect(complete(test, token)).rejects.toMatchObject({ code: 'CONFLICT' })
        expect(await issueSetupToken(test.runtime)).toBeNull()
        const login = await test.send('POST', '/auth/login', { body: { email: WIZARD.email, password: PASSWORD } })
        expect(login.data).toMatchObject({ role: 'super_admin', name: 'Boss' })
        const as = (login.headers.get('set-cookie') ?? '').split(';')[0]
        expect((await test.send('GET', '/domains', { as })).items).toMatchObject([
          { name: 'corp.example', status: 'active' },
        ])
        expect((await test.send('GET', '/mailboxes', { as })).items).toMatchObject([{ address: 'boss@corp.example' }])
        const [{ id: domainId = '' } = {}] = (await test.send('GET', '/domains', { as })).items
        expect((await test.send('GET', `/domains/${domainId}/dkim`, { as })).items).toMatchObject([
          { algorithm: 'rsa-sha256', state: 'pending' },
          { algorithm: 'ed25519-sha256', state: 'pending' },
        ])
        expect((await test.send('GET', '/admin/audit', { as })).items.map(({ action }) => action)).toContain(
          'setup.complete',
        )
      }))

    it('succeeds only once under concurrent attempts', () =>
      fresh(async (test) => {
        const token = await issueSetupToken(test.runtime)
        const tries = await Promise.allSettled(
          [1, 2, 3].map((n) => complete(test, token, { email: `boss${n}@corp.example` })),
        )
        expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      }))

    it('refuses an address of an alias, or in a domain alias', () =>
      fresh(async (test) => {
        const tenantId = await test.database.db.transaction((tx) => ensureDefaultTenant(tx, new Date()))
        const ctx = systemContext(test.runtime, tenantId)
        const real = await createDomain(ctx, { name: 'corp.example', active: true })
        await createDomain(ctx, { name: 'also.example', alias_of_id: real.id })
        await createAlias(ctx, { address: 'boss@corp.example', targets: ['x@out.example'] })
        const token = await issueSetupToken(test.runtime)
        await expect(complete(test, token)).rejects.toMatchObject({ code: 'CONFLICT' })
        const taken = complete(test, token, { domain: 'also.example' })
        await expect(taken).rejects.toThrow('also.example is an alias of another domain')
        expect(await complete(test, token, { mailbox: 'chief@corp.example' })).toMatchObject({ domain_id: real.id })
      }))

    it('can be done by the environment, once', () =>
      fresh(async (test) => {
        const admin = { email: 'Root@corp.example', password: 'Password123456' }
        expect(await bootstrapAdmin(test.runtime, admin)).toMatchObject({
          email: 'root@corp.example',
          role: 'super_admin',
        })
        expect(await bootstrapAdmin(test.runtime, { ...admin, email: 'second@corp.example' })).toBeNull()
        const login = await test.send('POST', '/auth/login', { body: admin })
        const as = (login.headers.get('set-cookie') ?? '').split(';')[0]
        expect((await test.send('GET', '/mailboxes', { as })).items).toMatchObject([{ address: 'root@corp.example' }])
      }))
  })
})
