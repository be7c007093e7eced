import { listAuditEntries } from '@mairust/db/queries/audit'
import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { routesOf } from '../rest/routes.ts'
import { appRouter } from '../trpc/root.ts'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { requestOf } from './matrix.fixtures.ts'

const writes = routesOf(appRouter)
  .filter(({ method, meta }) => method !== 'GET' && meta.permission !== 'public')
  .map(({ procedure, method, pattern }) => ({ name: procedure, method, pattern }))

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })

  /** What has to be so before an operation can do its work. */
  const PREPARED: Record<string, (world: World) => Promise<unknown>> = {
    'messages.restore': ({ ids, adminKey }) => test.send('DELETE', `/messages/${ids.message}`, { as: adminKey }),
    'domains.remove': async ({ ids, adminKey }) => {
      await test.send('DELETE', `/aliases/${ids.alias}`, { as: adminKey })
      await test.send('DELETE', `/mailboxes/${ids.mailbox}`, { as: adminKey })
    },
    'domains.verify': async (world) => {
      const as = world.adminKey
      const pending = await test.send('POST', '/domains', { as, body: { name: 'pending.example' } })
      world.ids.domain = pending.data['id'] ?? ''
      const dns = await test.send('GET', `/domains/${world.ids.domain}/dns`, { as })
      test.txt.set('_mairust-verify.pending.example', [dns.items[0]?.['value'] ?? ''])
    },
  }

  /** Sessions are the caller's own; mail is somebody else's, for one's own is not audited. */
  const callerFor = async (name: string, world: World): Promise<string> =>
    name.startsWith('auth.')
      ? signIn(test, world.admin)
      : test.key(await test.user({ role: 'super_admin' }, world.admin.tenantId))

  describe('leaves an audit entry', () => {
    it.each(writes)('$name', async (operation) => {
      const world = await makeWorld(test)
      const as = await callerFor(operation.name, world)
      await PREPARED[operation.name]?.(world)
      const { path, body } = requestOf(operation, world)
      const answer = await test.send(operation.method, path, { as, body })
      expect(answer.status, JSON.stringify(answer.json)).toBeLessThan(300)
      const entries = await listAuditEntries(get().db, world.admin, {}, { limit: 100 })
      const left = entries.filter(({ requestId }) => requestId === answer.headers.get('x-request-id'))
      expect(left.length).toBeGreaterThan(0)
    })
  })
})
