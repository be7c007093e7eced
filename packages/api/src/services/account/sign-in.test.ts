import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import type { UserRow } from '@mairust/db/queries/user'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '@mairust/log'
import { makeTestApi, PASSWORD, suspend, type TestApi } from '../../testing/api.ts'
import { systemContext } from '../../runtime.ts'
import { verifyLogin } from '../auth/index.ts'
import { getSignIn } from './index.ts'

withDatabases((get) => {
  let test: TestApi
  let user: UserRow
  let lines: object[]
  beforeEach(async () => {
    test = makeTestApi(get())
    user = await test.user()
    lines = []
  })
  const note = (fields: object, message: string) => void lines.push({ ...fields, message })
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const attempt = (via: 'web' | 'submission', values: { email?: string; password?: string; address?: string } = {}) =>
    verifyLogin(
      { ...test.runtime, log },
      {
        email: user.email,
        password: 'wrong password',
        address: '192.0.2.1',
        requestId: 'req_x',
        via,
        ...values,
      },
    )
  const audited = async () =>
    (await listAuditEntries(get().db, tenantScope(user.tenantId), { targetId: user.id }, { limit: 50 })).map(
      ({ action, after, ip }) => ({
        action,
        ip,
        ...after,
      }),
    )
  const signInOf = () => getSignIn(systemContext(test.runtime, user.tenantId), { id: user.id })

  describe('a failed login', () => {
    it.each(['web', 'submission'] as const)(
      'over %s is logged and audited with account, reason and address',
      async (via) => {
        await attempt(via)
        expect(lines).toEqual([
          {
            message: 'A login was refused',
            account: user.email,
            reason: 'wrong_password',
            via,
            remote_addr: '192.0.2.1',
            request_id: 'req_x',
          },
        ])
        expect(await audited()).toEqual([
          { action: 'auth.login_failed', ip: '192.0.2.1', reason: 'wrong_password', via },
        ])
      },
    )

    it('is logged with the true reason, which the client does not learn; only existing accounts are audited', async () => {
      await attempt('web', { email: 'no\u001b[31mbody@example.org' })
      await suspend(test, user)
      await attempt('web', { password: PASSWORD })
      expect(lines).toMatchObject([
        { account: 'no\\u{1b}[31mbody@example.org', reason: 'unknown_account' },
        { account: user.email, reason: 'suspended' },
      ])
      expect(await audited()).toMatchObject([{ reason: 'suspended' }])
    })

    it('that causes a lock-out is logged with its end, and audited once', async () => {
      for (let tries = 0; tries < 8; tries += 1) await attempt(tries % 2 === 0 ? 'web' : 'submission')
      expect(lines.filter((line) => 'until' in line)).toMatchObject([
        { message: 'An account is locked', account: user.email, remote_addr: '192.0.2.1', everywhere: false },
      ])
      expect(lines.at(-1)).toMatchObject({ message: 'A login was refused', reason: 'locked' })
      const locks = (await audited()).filter(({ action }) => action === 'auth.lock')
      expect(locks).toMatchObject([{ remote_address: '192.0.2.1', ip: '192.0.2.1' }])
    })
  })

  describe('the sign-in report of a user', () => {
    it('has suspension, lock-outs and latest attempts', async () => {
      await attempt('submission')
      expect(await signInOf()).toMatchObject({
        email: user.email,
        suspended: false,
        locks: [],
        last_login_at: null,
        recent: [{ action: 'auth.login_failed', reason: 'wrong_password', via: 'submission' }],
      })
      await test.send('POST', '/auth/login', { body: { email: user.email, password: PASSWORD } })
      expect(await signInOf()).toMatchObject({ sessions: 1, last_login_at: test.clock.now.toISOString() })
      for (let tries = 0; tries < 4; tries += 1) await attempt('web')
      const until = new Date(test.clock.now.getTime() + 15 * 60_000).toISOString()
      expect((await signInOf()).locks).toEqual([{ remote_address: '192.0.2.1', until }])
      for (let tries = 0; tries < 15; tries += 1) await attempt('web', { address: `198.51.100.${String(tries)}` })
      expect((await signInOf()).locks).toEqual([{ remote_address: null, until }])
    })

    it('is available over REST to those who manage users', async () => {
      const admin = await test.key(await test.user({ role: 'tenant_admin' }, user.tenantId))
      const answer = await test.send('GET', `/users/${user.id}/sign-in`, { as: admin })
      expect(answer.data).toMatchObject({ user_id: user.id, suspended: false })
    })
  })
})
