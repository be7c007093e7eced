import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { rawRoutes } from '../rest/raw-routes.ts'
import { routesOf } from '../rest/routes.ts'
import { appRouter } from '../trpc/root.ts'
import { makeTestApi, type Answer, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { FIXTURES, type Fixture, requestOf } from './matrix.fixtures.ts'

interface Operation {
  name: string
  method: string
  pattern: string
  permission: string
}

const operations: Operation[] = [
  ...routesOf(appRouter).map(({ procedure, method, pattern, meta }) => ({
    name: procedure,
    method,
    pattern,
    permission: meta.permission ?? '',
  })),
  ...rawRoutes.map(({ method, pattern, permission }) => ({
    name: `${method} ${pattern}`,
    method,
    pattern,
    permission,
  })),
]
const guarded = operations.filter(({ permission }) => permission !== 'public')

/** Everything of the tenant's that no answer to a stranger may hold. */
const secretsOf = (world: World): string[] => [...Object.values(world.ids), world.admin.id, world.mailbox.address]

const EXPECTED: Record<Exclude<Fixture['foreign'], 'empty' | 'own' | 'unchanged'>, number> = {
  missing: 404,
  forbidden: 403,
  invalid: 422,
}

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

    it.each(guarded)('$name: 401 without login', async (operation) => {
      const answer = await call(operation, undefined)
      expect(answer.status).toBe(401)
      expect(answer.error.code).toBe('UNAUTHORIZED')
    })

    it.each(guarded)('$name: 401 with a key that was never made', async (operation) => {
      const known = world.adminKey
      expect((await call(operation, `${known.slice(0, -9)}AA${known.slice(-7)}`)).status).toBe(401)
    })

    it.each(guarded.filter(({ permission }) => permission !== 'signed-in'))(
      '$name: 403 with too little scope',
      async (operation) => {
        const answer = await call(operation, await test.key(world.admin, ['plugin']))
        expect(answer.status).toBe(403)
        expect(answer.error.code).toBe('FORBIDDEN')
      },
    )

    const expectOutcome = (answer: Answer, outcome: Fixture['foreign']): void => {
      const text = JSON.stringify(answer.json)
      if (outcome === 'own') {
        expect(answer.status).toBeLessThan(300)
        return
      }
      if (outcome === 'unchanged') {
        expect(answer.data).toMatchObject({ updated: 0 })
        return
      }
      if (outcome === 'empty') expect(answer.status).toBe(200)
      else expect(answer.status).toBe(EXPECTED[outcome])
      for (const secret of secretsOf(world)) expect(text).not.toContain(secret)
    }

    it.each(guarded)('$name: nothing for another tenant', async (operation) => {
      const outcome = FIXTURES[operation.name]?.foreign ?? 'missing'
      const answer = await call(operation, world.foreignKey)
      expectOutcome(answer, outcome)
      for (const secret of secretsOf(world))
        if (outcome !== 'unchanged') expect(JSON.stringify(answer.json)).not.toContain(secret)
    })

    it.each(guarded.filter(({ name }) => FIXTURES[name]?.user !== 'own'))(
      '$name: nothing for another user',
      async (operation) => {
        expectOutcome(await call(operation, world.otherKey), FIXTURES[operation.name]?.user ?? 'missing')
      },
    )

    it('has left everything in place', async () => {
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
