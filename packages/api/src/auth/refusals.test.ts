import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it, vi } from 'vitest'
import { makeTestApi, suspend, type TestApi } from '../testing/api.ts'

withDatabases((get) => {
  let test: TestApi
  beforeEach(() => {
    test = makeTestApi(get())
  })

  it('a refused key and a forbidden request are logged with the reason that the caller gets', async () => {
    const lines: Record<string, unknown>[] = []
    vi.spyOn(test.runtime.log, 'info').mockImplementation((about, message) => void lines.push({ ...about, message }))
    const user = await test.user({ role: 'super_admin' })
    const key = await test.key(user, ['read'])
    const create = () => test.send('POST', '/domains', { as: key, body: { name: 'x.example' } })
    const forbidden = await create()
    expect(forbidden.status).toBe(403)
    await suspend(test, user)
    const ended = await create()
    expect(ended.status).toBe(401)
    expect(lines).toMatchObject([
      {
        message: 'A request was refused',
        reason: 'This needs the permission domain:write.',
        request_id: forbidden.headers.get('x-request-id'),
      },
      {
        message: 'An API key was refused',
        reason: ended.error.message,
        key_id: expect.stringMatching(/^key_/) as string,
        remote_addr: '192.0.2.1',
      },
    ])
    expect(ended.error.message).toContain('while its user is suspended')
  })
})
