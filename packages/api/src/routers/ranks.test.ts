import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { SCOPES } from '@mairust/db/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, type Answer, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { requestOf } from './matrix.fixtures.ts'
import { guarded, type Operation } from './matrix.operations.ts'
import { expectOutcome, secretsOf } from './matrix.outcome.ts'
import { RANKS } from './matrix.ranks.ts'

/** Operations that return the caller's own id, or ids from the request. */
const RETURNS_KNOWN_IDS = new Set(['auth.me', 'messages.batch', 'queue.batch'])

it('every operation has ranks, and all ranks have an operation', () => {
  expect(Object.keys(RANKS).sort()).toEqual(guarded.map(({ name }) => name).sort())
})

withDatabases((get) => {
  let test: TestApi
  let world: World
  const call = (operation: Operation, as: string): Promise<Answer> => {
    const { path, body } = requestOf(operation, world)
    return test.send(operation.method, path, { as, body })
  }

  describe.each(['domain_admin', 'tenant_admin'] as const)('%s, on resources of a super_admin:', (role) => {
    let as: string
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
      const email = `boss@${world.mailbox.address.split('@')[1] ?? ''}`
      as = await test.key(await test.user({ role, email }, world.admin.tenantId))
    })

    it.each(guarded)('$name', async (operation) => {
      expectOutcome(world, await call(operation, as), RANKS[operation.name]?.[role] ?? 'missing')
    })
  })

  describe('a key of a super_admin', () => {
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
    })

    it.each(SCOPES.flatMap((scope) => guarded.map((operation) => ({ ...operation, scope }))))(
      'with $scope alone: $name',
      async ({ scope, ...operation }) => {
        const opens = RANKS[operation.name]?.scopes.some((name) => name === scope || name === 'any') === true
        const answer = await call(operation, await test.key(world.admin, [scope]))
        expect(answer.status === 403, JSON.stringify(answer.json)).toBe(!opens)
      },
    )
  })

  describe('a key that may write but not read', () => {
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
    })

    it.each(guarded)('gets no content from $name', async (operation) => {
      const text = JSON.stringify((await call(operation, await test.key(world.admin, ['write', 'send']))).json)
      for (const content of ['secret', 'Hello', 'example.org', world.mailbox.address, '"total"', 'Projects']) {
        if (operation.name !== 'auth.me') expect(text).not.toContain(content)
      }
    })
  })

  describe('a key whose scopes are all narrowed to another mailbox', () => {
    it.each(guarded)('learns nothing from $name', async (operation) => {
      test = makeTestApi(get())
      world = await makeWorld(test)
      const other = await makeMailbox(get().db, tenantScope(world.admin.tenantId))
      const as = await test.key(
        world.admin,
        SCOPES.map((scope) => ({ scope, mailboxes: [other.address] })),
      )
      const text = JSON.stringify((await call(operation, as)).json)
      if (RETURNS_KNOWN_IDS.has(operation.name)) return
      for (const secret of secretsOf(world)) expect(text).not.toContain(secret)
    })
  })
})
