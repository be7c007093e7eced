import { configSchema } from '@mairust/config'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, signIn, type TestApi } from '../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  beforeEach(() => {
    test = makeTestApi(get())
    test.api.reload(configSchema.parse({ web: { rate_limits: { anonymous_per_address_per_minute: 2 } } }))
  })
  const admit = (cookie = '', ip = '192.0.2.1') =>
    test.api.admitPage(new Request(`${ORIGIN}/login`, { headers: { cookie } }), { ip })
  const open = async (cookie = '', ip = '192.0.2.1') => (await admit(cookie, ip)).error
  const ask = async (counted: boolean) => {
    const request = new Request(`${ORIGIN}/api/trpc/setup.status`)
    return (await test.api.trpc(request, { ip: '192.0.2.1', counted })).status
  }

  it('counts a page as one request, whatever it calls of the API', async () => {
    for (let page = 0; page < 2; page += 1) {
      expect(await open()).toBeNull()
      for (let call = 0; call < 3; call += 1) expect(await ask(true)).toBe(200)
    }
    const error = await open()
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(error?.retryAfter).toBeGreaterThan(0)
    expect(await ask(false)).toBe(429)
  })

  it('does not refuse other addresses, or signed-in users at the same address', async () => {
    const cookie = await signIn(test, await test.user())
    for (let page = 0; page < 3; page += 1) await open()
    expect(await open('', '192.0.2.2')).toBeNull()
    expect(await open(cookie)).toBeNull()
    expect(await open('mairust_sid=no-such-session')).toMatchObject({ code: 'RATE_LIMITED' })
  })
  it('knows callers without a session by their address, also those with a key', async () => {
    const user = await test.user()
    const cookie = await signIn(test, user)
    expect(await admit(cookie)).toMatchObject({ isAnonymous: false })
    const headers = { authorization: `Bearer ${await test.key(user)}` }
    const withKey = await test.api.admitPage(new Request(`${ORIGIN}/login`, { headers }), { ip: '192.0.2.1' })
    expect(withKey).toMatchObject({ isAnonymous: true, name: '192.0.2.1', error: null })
    for (const without of ['', 'mairust_sid=no-such-session']) {
      expect(await admit(without, '2001:db8::1')).toMatchObject({ isAnonymous: true, name: '2001:db8::/64' })
    }
  })
})
