import { tmpdir } from 'node:os'
import { withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { createAnswerRoom } from '../http/answer-room.ts'
import { createBodyRoom } from '../http/body-room.ts'
import { createLimits } from '../http/limits.ts'
import { createReadTurns } from '../http/read-turns.ts'
import { createApiMetrics } from '../metrics.ts'
import { makeTestApi, ORIGIN, signIn } from '../testing/api.ts'
import { createTrpcHandler } from './handler.ts'

const CALLS = 20

withDatabases((get) => {
  it('runs two calls of a user at a time, in however many batches, and those of others beside them', async () => {
    const test = makeTestApi(get())
    const { runtime } = test
    const [ann, bob] = [await test.user(), await test.user()]
    const cookies = new Map([
      [ann.id, await signIn(test, ann)],
      [bob.id, await signIn(test, bob)],
    ])
    const held = Promise.withResolvers<null>()
    let [begun, running, most] = [0, 0, 0]
    const turns = createReadTurns({ widthPerName: 2 })
    const handle = createTrpcHandler({
      runtime,
      limits: createLimits(runtime.config.web.rate_limits, runtime.now),
      readTurns: {
        run: (actor, request, work) =>
          turns.run(actor, request, async () => {
            if (actor?.userId !== ann.id) return work()
            begun += 1
            running += 1
            most = Math.max(most, running)
            await held.promise
            return work().finally(() => (running -= 1))
          }),
      },
      answers: createAnswerRoom(),
      bodies: createBodyRoom({ folder: tmpdir(), freeBytes: runtime.freeBytes }),
      metrics: createApiMetrics(),
    })
    const lists = async (user: { id: string }): Promise<string[]> => {
      const names = Array.from({ length: CALLS }, () => 'messages.list').join(',')
      const input = JSON.stringify(Object.fromEntries(Array.from({ length: CALLS }, (_, at) => [at, { limit: 100 }])))
      const url = `${ORIGIN}/api/trpc/${names}?batch=1&input=${encodeURIComponent(input)}`
      const headers = { cookie: cookies.get(user.id) ?? '', origin: ORIGIN, host: 'localhost:8080' }
      const answer = await handle(new Request(url, { headers }), { ip: '192.0.2.1' })
      // Cast: an answer to a batch is a list of results and errors.
      return ((await answer.json()) as object[]).map((one) => Object.keys(one).join(','))
    }
    const all = Array.from({ length: CALLS }, () => 'result')

    const batches = [lists(ann), lists(ann)]
    await expect.poll(() => begun).toBe(2)
    expect(await lists(bob)).toEqual(all)
    expect(begun).toBe(2)
    held.resolve(null)
    expect(await Promise.all(batches)).toEqual([all, all])
    expect([begun, most, running]).toEqual([2 * CALLS, 2, 0])
  })
})
