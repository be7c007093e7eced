import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TestApi } from '../../testing/api.ts'
import { makeQueueWorld, type QueueWorld } from '../../testing/queue.ts'

const MINUTE = 60_000

withDatabases((get) => {
  let world: QueueWorld
  let test: TestApi
  beforeEach(async () => {
    world = await makeQueueWorld(get())
    test = world.test
  })

  describe('what was sent as an address by whoever had it before', () => {
    // A mailbox that was made with the address, and one that it was given to later.
    it.each(['made', 'given'] as const)('is not in the queue of its new holder: %s', async (how) => {
      const { domain, far } = world
      const tenant = tenantScope(domain.tenantId)
      const { user } = world.who('user')
      const address = `desk@${domain.name}`
      const taken = test.clock.now
      const sentAt = (minutes: number) => ({
        at: new Date(taken.getTime() + minutes * MINUTE),
        outgoing: { sender: address },
      })
      const {
        ids: [before = ''],
      } = await world.submit('user', ['before'], sentAt(-1))
      const {
        ids: [since = ''],
      } = await world.submit('user', ['since'], sentAt(1))
      const held =
        how === 'made'
          ? { addressSince: null, createdAt: taken }
          : { addressSince: taken, createdAt: new Date(taken.getTime() - 9 * MINUTE) }
      const own = { userId: user.id, domainId: domain.id }
      await makeMailbox(get().db, tenant, { ...own, address, ...held })
      // Another one, so that the key below is for a part of what the user has.
      await makeMailbox(get().db, tenant, { ...own, address: user.email })
      const as = await test.key(
        user,
        (['read', 'send'] as const).map((scope) => ({ scope, mailboxes: [address] })),
      )
      const ask = (method: string, path: string, body?: object) =>
        test.send(method, path, { as, ...(body === undefined ? {} : { body }) })

      const { items } = await ask('GET', `/queue?domain=${far}`)
      expect(items.map(({ id }) => id)).toEqual([since])
      expect((await ask('GET', `/queue/${before}`)).status).toBe(404)
      expect((await ask('GET', `/queue/${since}`)).status).toBe(200)
      expect((await ask('GET', '/queue/shape')).data).toMatchObject({ total: 1, domain_count: 1 })
      const byIds = await ask('POST', '/queue/batch', { ids: [before], action: 'cancel' })
      expect(byIds.data).toMatchObject({ updated: 0, failed: [{ id: before, code: 'NOT_FOUND' }] })
      const byFilter = await ask('POST', '/queue/batch', { filter: { domain: far }, action: 'cancel' })
      expect(byFilter.data).toMatchObject({ updated: 1, failed: [] })
      expect(await world.listed('user', '&state=queued')).toEqual(['before'])
    })
  })
})
