import { SPACE_RESERVE } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../../testing/api.ts'

withDatabases((get) => {
  let free: number | null
  let test: TestApi
  beforeEach(() => {
    free = SPACE_RESERVE + 1
    test = makeTestApi(get(), {
      freeBytes: () => (free === null ? Promise.reject(new Error('cannot tell')) : Promise.resolve(free)),
    })
  })

  describe('a full disk is visible over REST', () => {
    it('to everybody as `degraded`, with status 200', async () => {
      expect((await test.send('GET', '/health')).data).toMatchObject({ status: 'ok', checks: { disk: 'ok' } })
      free = SPACE_RESERVE
      const { status, data } = await test.send('GET', '/health')
      expect(status).toBe(200)
      expect(data).toEqual({ status: 'degraded', checks: { database: 'ok', storage: 'ok', disk: 'full' } })
    })

    it('to administrators in bytes, and not to users', async () => {
      const admin = await test.user({ role: 'tenant_admin' })
      const key = await test.key(admin)
      free = 5000
      expect((await test.send('GET', '/admin/health', { as: key })).data).toMatchObject({
        status: 'degraded',
        checks: { disk: 'full' },
        free_bytes: 5000,
        reserve_bytes: SPACE_RESERVE,
      })
      const user = await test.key(await test.user({}, admin.tenantId))
      expect((await test.send('GET', '/admin/health', { as: user })).status).toBe(403)
    })

    it('and unknown free space counts as enough', async () => {
      free = null
      expect((await test.send('GET', '/health')).data).toMatchObject({ status: 'ok', checks: { disk: 'ok' } })
      const key = await test.key(await test.user({ role: 'super_admin' }))
      expect((await test.send('GET', '/admin/health', { as: key })).data).toMatchObject({ free_bytes: null })
    })
  })
})
