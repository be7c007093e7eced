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

withDatabases((get) => {
  it('the body of a batch keeps its room until the calls have ended, and only those that have a turn have one', async () => {
    const test = makeTestApi(get())
    const { runtime } = test
    const cookie = await signIn(test, await test.user())
    const bodies = createBodyRoom({ folder: tmpdir(), freeBytes: runtime.freeBytes })
    const seen: string[] = []
    const answers = createAnswerRoom()
    const handle = createTrpcHandler({
      runtime,
      limits: createLimits(runtime.config.web.rate_limits, runtime.now),
      readTurns: createReadTurns(),
      answers: {
        run: (caller, request, work) => {
          seen.push('waits')
          return answers.run(caller, request, (parts) => {
            seen.push('turn')
            return work({
              ...parts,
              inTurn: async (call) => {
                const made = await parts.inTurn(call)
                seen.push('call')
                return made
              },
            })
          })
        },
      },
      bodies: {
        receive: (caller, request, limit, use) =>
          bodies.receive(caller, request, limit, ({ read }) =>
            use({
              read: async (work) => {
                seen.push('read')
                const made = await read(work)
                seen.push('free')
                return made
              },
            }),
          ),
      },
      metrics: createApiMetrics(),
    })
    const answer = await handle(
      new Request(`${ORIGIN}/api/trpc/tags.create,tags.create?batch=1`, {
        method: 'POST',
        headers: { cookie, origin: ORIGIN, host: 'localhost:8080', 'content-type': 'application/json' },
        body: JSON.stringify({ 0: { name: 'a' }, 1: { name: 'b' } }),
      }),
      { ip: '192.0.2.1' },
    )
    await answer.text()
    expect(seen).toEqual(['waits', 'turn', 'read', 'call', 'call', 'free'])
  })
})
