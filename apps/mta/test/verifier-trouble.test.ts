/** What becomes of messages while the worker that verifies them dies. */
import { Worker } from 'node:worker_threads'
import { createMessageVerifier } from '@mairust/intake'
import { afterAll, expect, it } from 'vitest'
import { eventually, journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServer } from './support/suite.ts'

const file = new URL('../../../packages/intake/test/doomed.worker.ts', import.meta.url)
const verifier = createMessageVerifier({
  dns: { servers: [], timeout_ms: 100 },
  spawn: () => new Worker(file),
  limits: { timeMs: 3000 },
})
const { server, world } = useServer({ verifier })
afterAll(() => verifier.close())

it.each(['kill', 'hang', 'throw'])('one that makes it %s is answered 451, and not stored', async (what) => {
  const client = await server().client()
  const reply = await client.send(world().address, makeMessage('Hello', what))
  client.destroy()
  expect(reply).toMatch(/^451 4\.3\.0 .*\(jrn_[0-9a-z]{26}\)$/)
  const [journey] = await eventually(async () => {
    const found = await journeysOf(server().database, journeyIn(reply))
    return found.length > 0 && found
  })
  expect(journey?.status).toBe('deferred')
  expect(journey?.steps.filter(({ kind }) => kind === 'authentication')).toMatchObject([{ result: 'deferred' }])
  expect(await messagesOf(server().database, world().mailbox.id)).toEqual([])
})
