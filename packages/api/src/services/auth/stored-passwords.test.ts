import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it } from 'vitest'
import { makeTestApi, PASSWORD, type TestApi } from '../../testing/api.ts'
import { verifyLogin } from './index.ts'

withDatabases((get) => {
  let test: TestApi
  beforeEach(() => {
    test = makeTestApi(get())
  })

  it('measures passwords in characters everywhere', async () => {
    const admin = await test.user({ role: 'super_admin' })
    const as = await test.key(admin)
    const password = Array.from({ length: 256 }, (_, at) => String.fromCodePoint(0x1f600 + (at % 50))).join('')
    const body = { email: 'emoji@example.org', password }
    expect((await test.send('POST', '/users', { as, body })).status).toBe(201)
    expect((await test.send('POST', '/auth/login', { body })).status).toBe(200)
    const tooLong = { email: 'long@example.org', password: `${password}😀` }
    expect((await test.send('POST', '/users', { as, body: tooLong })).error.details[0]?.field).toBe('password')
  })

  it('rehashes at login a password that was hashed at another cost', async () => {
    const user = await test.user()
    const cheaper = makeTestApi(get())
    const runtime = { ...cheaper.runtime, passwords: { ...cheaper.runtime.passwords, needsRehash: () => true } }
    const attempt = {
      address: '192.0.2.1',
      via: 'submission',
      requestId: 'req_x',
      email: user.email,
      password: PASSWORD,
    } as const
    expect(await verifyLogin(runtime, attempt)).toMatchObject({ ok: true })
    const again = await verifyLogin(runtime, attempt)
    expect(again.ok && again.user.passwordHash).not.toBe(user.passwordHash)
  })
})
