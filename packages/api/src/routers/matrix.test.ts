import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeApiKey } from '../auth/api-key.ts'
import { makeTestApi, type Answer, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { FIXTURES, requestOf } from './matrix.fixtures.ts'
import { guarded, type Operation } from './matrix.operations.ts'
import { expectOutcome, secretsOf } from './matrix.outcome.ts'

it('every operation has a fixture, and every fixture an operation', () => {
  expect(Object.keys(FIXTURES).sort()).toEqual(guarded.map(({ name }) => name).sort())
})

withDatabases((get) => {
  describe('every operation', () => {
    let test: TestApi
    let world: World
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
    })

    const call = (operation: Operation, as: string | undefined): Promise<Answer> => {
      const { path, body } = requestOf(operation, world)
      return test.send(operation.method, path, { as, body })
    }

    it.each(guarded)('$name: 401 without a login', async (operation) => {
      const answer = await call(operation, undefined)
      expect(answer.status).toBe(401)
      expect(answer.error.code).toBe('UNAUTHORIZED')
    })

    it.each(guarded)('$name: 401 with a key that does not exist', async (operation) => {
      expect((await call(operation, makeApiKey(test.runtime.keys).text)).status).toBe(401)
    })

    it.each(guarded.filter(({ permission }) => permission !== 'signed-in'))(
      '$name: 403 without the scope it needs',
      async (operation) => {
        const answer = await call(operation, await test.key(world.admin, ['plugin']))
        expect(answer.status).toBe(403)
        expect(answer.error.code).toBe('FORBIDDEN')
      },
    )

    it.each(guarded)('$name: nothing for another tenant', async (operation) => {
      const outcome = FIXTURES[operation.name]?.foreign ?? 'missing'
      const answer = await call(operation, world.foreignKey)
      expectOutcome(world, answer, outcome)
      for (const secret of secretsOf(world))
        if (outcome !== 'unchanged') expect(JSON.stringify(answer.json)).not.toContain(secret)
    })

    it.each(guarded.filter(({ name }) => FIXTURES[name]?.user !== 'own'))(
      '$name: nothing for another user',
      async (operation) => {
        expectOutcome(world, await call(operation, world.otherKey), FIXTURES[operation.name]?.user ?? 'missing')
      },
    )

    it('leaves everything in place', async () => {
      const paths = [
        `/messages/${world.ids.message}`,
        `/mailboxes/${world.ids.mailbox}`,
        `/aliases/${world.ids.alias}`,
        `/threads/${world.ids.thread}`,
      ]
      for (const path of paths) expect((await test.send('GET', path, { as: world.adminKey })).status, path).toBe(200)
    })
  })
})
