import { tenantScope } from '@mairust/db/queries/scope'
import { updateUserRow, type UserRow } from '@mairust/db/queries/user'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, signIn, suspend, type TestApi } from '../../testing/api.ts'
import type { Passwords } from '../../auth/password.ts'
import { resetPassword } from '../user/index.ts'
import { systemContext } from '../../runtime.ts'
import { login as loginService, pruneSignIn, verifyLogin } from './index.ts'

const FROM = { address: '192.0.2.1', via: 'submission', requestId: 'req_x' } as const
const [MINUTE, HOUR] = [60_000, 3_600_000]

withDatabases((get) => {
  let test: TestApi
  beforeEach(() => {
    test = makeTestApi(get())
  })
  const later = (ms: number) => (test.clock.now = new Date(test.clock.now.getTime() + ms))
  const login = (email: string, password: string, options: { ip?: string; headers?: Record<string, string> } = {}) =>
    test.send('POST', '/auth/login', { body: { email, password }, ...options })
  const me = (cookie: string) => test.send('GET', '/auth/me', { as: cookie })

  describe('signing in', () => {
    it('sets a cookie that no script can read and no other site can send', async () => {
      const user = await test.user()
      const answer = await login(user.email.toUpperCase(), PASSWORD)
      expect(answer.status).toBe(200)
      expect(answer.data).toMatchObject({ id: user.id, email: user.email, role: 'user' })
      expect(answer.headers.get('set-cookie')).toMatch(
        /^mairust_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/,
      )
      expect(JSON.stringify(answer.json)).not.toContain('argon2')
    })

    it('gives the same answer for a wrong password, an unknown user and a suspended one', async () => {
      const suspended = await test.user({ suspended: true })
      const known = await test.user()
      const answers = [
        await login(known.email, 'not this password'),
        await login('nobody@example.org', PASSWORD),
        await login(suspended.email, PASSWORD),
        await login('no address', PASSWORD),
        await login(known.email, 'x'.repeat(1000)),
      ]
      for (const { status, error } of answers) {
        expect({ status, code: error.code, message: error.message }).toEqual({
          status: 401,
          code: 'UNAUTHORIZED',
          message: 'The email address or the password is wrong.',
        })
      }
    })

    it('starts a new session whatever cookie the request has', async () => {
      const user = await test.user()
      const planted = `mairust_sid=${'A'.repeat(43)}`
      const answer = await login(user.email, PASSWORD, {
        headers: { cookie: planted, origin: 'http://localhost:8080' },
      })
      expect(answer.headers.get('set-cookie')).not.toContain('A'.repeat(43))
      expect((await me(planted)).status).toBe(401)
      const first = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      expect(await signIn(test, user)).not.toBe(first)
    })

    it('ends a session after 12 idle hours, and any session after 24', async () => {
      const cookie = await signIn(test, await test.user())
      later(11 * HOUR)
      expect((await me(cookie)).status).toBe(200)
      later(11 * HOUR)
      expect((await me(cookie)).status).toBe(200)
      later(3 * HOUR)
      expect((await me(cookie)).status).toBe(401)
      const idle = await signIn(test, await test.user())
      later(12 * HOUR + MINUTE)
      expect((await me(idle)).status).toBe(401)
    })

    it('signs out, lists sessions and ends one', async () => {
      const user = await test.user()
      const [one, two, three] = [await signIn(test, user), await signIn(test, user), await signIn(test, user)]
      const list = await test.send('GET', '/auth/sessions', { as: one })
      expect(list.items).toHaveLength(3)
      expect(list.items.filter(({ current }) => current)).toHaveLength(1)
      expect((await test.send('POST', '/auth/logout', { as: two })).headers.get('set-cookie')).toContain('Max-Age=0')
      expect((await me(two)).status).toBe(401)
      const others = (await test.send('GET', '/auth/sessions', { as: one })).items.filter(({ current }) => !current)
      expect(others).toHaveLength(1)
      await test.send('DELETE', `/auth/sessions/${others[0]?.['id'] ?? ''}`, { as: one })
      expect((await me(three)).status).toBe(401)
      expect((await me(one)).status).toBe(200)
    })

    it('stops sessions and keys of a suspended user at once', async () => {
      const user = await test.user({ role: 'super_admin' })
      const cookie = await signIn(test, user)
      const key = await test.key(user)
      await suspend(test, user)
      expect((await me(cookie)).status).toBe(401)
      expect((await me(key)).status).toBe(401)
    })

    it('does not fall back to the cookie if a request has a bad key too', async () => {
      const cookie = await signIn(test, await test.user())
      const answer = await test.send('GET', '/auth/me', { as: cookie, headers: { authorization: 'Bearer nonsense' } })
      expect(answer.status).toBe(401)
    })

    it('refuses a login from another site', async () => {
      const user = await test.user()
      const answer = await login(user.email, PASSWORD, { headers: { origin: 'https://evil.example' } })
      expect(answer.status).toBe(403)
    })
  })

  describe('lock-out', () => {
    it('locks account and address after five wrong passwords, even for the right one, for 15 minutes', async () => {
      const user = await test.user()
      for (let tries = 0; tries < 5; tries += 1) expect((await login(user.email, 'wrong password')).status).toBe(401)
      const locked = await login(user.email, PASSWORD)
      expect(locked.status).toBe(429)
      expect(locked.error.code).toBe('RATE_LIMITED')
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(890)
      expect((await login(user.email, PASSWORD, { ip: '192.0.2.9' })).status).toBe(200)
      later(15 * MINUTE - 1000)
      expect((await login(user.email, PASSWORD)).status).toBe(429)
      later(2000)
      expect((await login(user.email, PASSWORD)).status).toBe(200)
    })

    it('locks the account for every address after twenty wrong passwords', async () => {
      const user = await test.user()
      for (let tries = 0; tries < 20; tries += 1) {
        expect((await login(user.email, 'wrong password', { ip: `198.51.100.${tries}` })).status).toBe(401)
      }
      expect((await login(user.email, PASSWORD, { ip: '203.0.113.1' })).status).toBe(429)
    })

    it('forgets wrong passwords that are older than 15 minutes', async () => {
      const user = await test.user()
      for (let tries = 0; tries < 8; tries += 1) {
        expect((await login(user.email, 'wrong password')).status).toBe(401)
        later(4 * MINUTE)
      }
    })

    it('locks unknown accounts too, so that it does not reveal which exist', async () => {
      for (let tries = 0; tries < 5; tries += 1) await login('ghost@example.org', 'wrong password')
      expect((await login('ghost@example.org', 'wrong password')).status).toBe(429)
    })

    it('counts SMTP and API together, and parallel guesses one by one', async () => {
      const user = await test.user()
      const attempt = { ...FROM, email: user.email, password: 'wrong password' }
      const results = await Promise.all(Array.from({ length: 12 }, () => verifyLogin(test.runtime, attempt)))
      expect(results.filter((result) => !result.ok && result.reason === 'wrong')).toHaveLength(5)
      expect(results.filter((result) => !result.ok && result.reason === 'locked')).toHaveLength(7)
      expect((await login(user.email, PASSWORD)).status).toBe(429)
    })

    it('ends with a password reset, which ends the sessions too', async () => {
      const user = await test.user()
      const cookie = await signIn(test, user)
      for (let tries = 0; tries < 5; tries += 1) await login(user.email, 'wrong password')
      const ctx = systemContext(test.runtime, user.tenantId)
      await resetPassword(ctx, { email: user.email, password: 'another quiet harbour' })
      expect((await me(cookie)).status).toBe(401)
      expect((await login(user.email, 'another quiet harbour')).status).toBe(200)
    })
  })

  it('pruning removes ended sessions and login failures that no longer count', async () => {
    const user = await test.user()
    const cookie = await signIn(test, user)
    await login(user.email, 'wrong password')
    await pruneSignIn(test.runtime)
    expect((await me(cookie)).status).toBe(200)
    later(31 * MINUTE)
    expect(await pruneSignIn(test.runtime)).toBeGreaterThan(0)
    expect((await me(cookie)).status).toBe(200)
    later(25 * HOUR)
    expect(await pruneSignIn(test.runtime)).toBeGreaterThan(0)
    expect(await pruneSignIn(test.runtime)).toBe(0)
  })

  describe.each([false, true])('a login in progress (rehashed: %s)', (rehash) => {
    /** Signs in with the first password; `meanwhile` happens after it was verified. */
    const loginWhile = (user: UserRow, meanwhile: () => Promise<unknown>) => {
      let first = true
      const passwords: Passwords = {
        ...test.runtime.passwords,
        needsRehash: () => rehash,
        verify: async (stored, password, client) => {
          const right = await test.runtime.passwords.verify(stored, password, client)
          if (first) await meanwhile()
          first = false
          return right
        },
      }
      return loginService(
        { ...test.runtime, passwords, requestId: 'req_x', ip: '192.0.2.1', userAgent: '' },
        { email: user.email, password: PASSWORD },
      )
    }

    it('fails if the password is reset meanwhile, and the new password stays', async () => {
      const user = await test.user()
      const ctx = systemContext(test.runtime, user.tenantId)
      const input = { email: user.email, password: 'another quiet harbour' }
      const under = loginWhile(user, () => resetPassword(ctx, input))
      await expect(under).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
      expect((await login(user.email, PASSWORD)).status).toBe(401)
      expect((await login(user.email, 'another quiet harbour')).status).toBe(200)
    })

    it('fails if the user is suspended meanwhile', async () => {
      const user = await test.user()
      await expect(loginWhile(user, () => suspend(test, user))).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    })

    it('succeeds if another process rehashes the same password meanwhile', async () => {
      const user = await test.user()
      const passwordHash = await test.runtime.passwords.hash(PASSWORD)
      const { me: signedIn } = await loginWhile(user, () =>
        updateUserRow(get().db, tenantScope(user.tenantId), user.id, { passwordHash }),
      )
      expect(signedIn.id).toBe(user.id)
    })
  })
})
