import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { FIXTURES, requestOf } from '../routers/matrix.fixtures.ts'
import { makeTestApi, type Answer, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { appRouter } from '../trpc/root.ts'
import { routesOf } from './routes.ts'

const fieldsOf = (answer: Answer): string[] => answer.error.details.map(({ field }) => field).sort()

/** Operations with a body for which there is a valid one. */
const withBody = routesOf(appRouter).filter(
  ({ procedure, method }) => method !== 'GET' && FIXTURES[procedure]?.body !== undefined,
)

/** Bodies and queries with fields that are invalid in different ways: format, meaning, unknown name. */
const WRONG: [what: string, method: string, path: string, body: object | undefined, fields: string[]][] = [
  [
    'a user',
    'POST',
    '/users',
    { email: 'a', password: 'short', role: 'king', x: 1 },
    ['email', 'password', 'role', 'x'],
  ],
  [
    'an alias',
    'POST',
    '/aliases',
    { address: 'a@b@c', targets: ['a@example.org', 'nobody'] },
    ['address', 'targets.1'],
  ],
  ['a mailbox', 'POST', '/mailboxes', { address: '*@x.example', quota_mb: -1 }, ['address', 'quota_mb']],
  ['a domain', 'POST', '/domains', { name: 'a b', active: 'yes', x: 1 }, ['active', 'name', 'x']],
  ['a tag', 'POST', '/tags', { name: '', color: 'red' }, ['color', 'name']],
  ['a batch', 'POST', '/messages/batch', { ids: [], action: 'add_tag', x: 1 }, ['ids', 'tag', 'x']],
  ['a list', 'GET', '/messages?q=before:never&cursor=nonsense&limit=0&x=1', undefined, ['cursor', 'limit', 'q', 'x']],
  ['a list of users', 'GET', '/users?cursor=WyJ4Il0&role=king', undefined, ['cursor', 'role']],
]

withDatabases((get) => {
  let test: TestApi
  let world: World
  beforeAll(async () => {
    test = makeTestApi(get())
    world = await makeWorld(test)
  })

  describe('one answer lists all invalid fields of', () => {
    it.each(WRONG)('%s', async (_what, method, path, body, fields) => {
      const answer = await test.send(method, path, { as: world.adminKey, body })
      expect(answer.status).toBe(422)
      expect(fieldsOf(answer)).toEqual(fields)
    })

    it('a folder with a reserved name, in a body that repeats the path', async () => {
      const { mailbox } = world.ids
      const body = { name: 'INBOX', id: mailbox, x: 1 }
      const answer = await test.send('POST', `/mailboxes/${mailbox}/folders`, { as: world.adminKey, body })
      expect(fieldsOf(answer)).toEqual(['body.id', 'name', 'x'])
      expect(answer.error.details).toContainEqual({ field: 'body.id', reason: 'is already given in the path' })
    })

    it.each(withBody)('the body of $procedure', async ({ procedure, method, pattern }) => {
      const { path, body = {} } = requestOf({ name: procedure, pattern }, world)
      const wrong = Object.fromEntries([...Object.keys(body), 'unknown_field'].map((name) => [name, {}]))
      const answer = await test.send(method, path, { as: world.adminKey, body: wrong })
      expect(answer.status).toBe(422)
      expect(fieldsOf(answer)).toEqual(Object.keys(wrong).sort())
    })
  })
})
