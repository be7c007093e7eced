import { tmpdir } from 'node:os'
import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAnswerRoom } from '../http/answer-room.ts'
import { createBodyRoom } from '../http/body-room.ts'
import { createLimits } from '../http/limits.ts'
import { createReadTurns } from '../http/read-turns.ts'
import { createApiMetrics } from '../metrics.ts'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'
import { createTrpcHandler } from './handler.ts'

/** Each is six bytes in JSON. */
const TEXT = '\u0001'.repeat(50_000)
const LONG = { bytesOfParts: 700_000 }

interface Call {
  result?: { data: { data: { text: string; subject: string } } }
  error?: { message: string; data: { code: string; httpStatus: number } }
}

withDatabases((get) => {
  describe('a batch whose answers are long', () => {
    let test: TestApi
    let key: string
    let id: string
    beforeAll(async () => {
      test = makeTestApi(get())
      const user = await test.user()
      const mailbox = await makeMailbox(test.database.db, tenantScope(user.tenantId), { userId: user.id })
      key = await test.key(user)
      id = await deliver(test.database, test.runtime, mailbox, `Subject: long\n\n${TEXT}`)
    })

    const call = async (method: 'GET' | 'POST', names: string[], inputs: object[], limits = LONG) => {
      const { runtime } = test
      const handle = createTrpcHandler({
        runtime,
        limits: createLimits(runtime.config.web.rate_limits, runtime.now),
        readTurns: createReadTurns(),
        answers: createAnswerRoom(limits),
        bodies: createBodyRoom({ folder: tmpdir(), freeBytes: runtime.freeBytes }),
        metrics: createApiMetrics(),
      })
      const given = JSON.stringify(Object.fromEntries(inputs.entries()))
      const query = method === 'GET' ? `&input=${encodeURIComponent(given)}` : ''
      const request = new Request(`http://localhost:8080/api/trpc/${names.join(',')}?batch=1${query}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', host: 'localhost:8080' },
        ...(method === 'POST' ? { body: given } : {}),
      })
      const answer = await handle(request, { ip: '192.0.2.1' })
      const text = await answer.text()
      // Cast: an answer to a batch is a list of results and errors.
      return { answer, text, calls: JSON.parse(text) as Call[] }
    }
    const kindsOf = (calls: Call[]) => calls.map(({ result, error }) => (result ? 'answered' : error?.data.code))

    it('answers what fits, byte for byte, and says of the rest that it must be asked for again', async () => {
      const names = [...Array.from({ length: 19 }, () => 'messages.get'), 'auth.me']
      const { answer, text, calls } = await call('GET', names, [...Array.from({ length: 19 }, () => ({ id })), {}])
      const kinds = kindsOf(calls)
      expect(kinds.filter((kind) => kind === 'answered').length).toBeGreaterThanOrEqual(2)
      expect(kinds.filter((kind) => kind === 'PAYLOAD_TOO_LARGE').length).toBeGreaterThanOrEqual(16)
      expect(text.length).toBeLessThan(800_000)
      expect(answer.status).toBe(207)
      for (const { result, error } of calls.slice(0, 19)) {
        if (result !== undefined) expect(result.data.data.text).toBe(TEXT)
        else expect(error?.message).toContain('with fewer others')
      }
    })

    it('is a whole answer again for one call that did not fit, however long', async () => {
      const { answer, calls } = await call('GET', ['messages.get', 'auth.me'], [{ id }, {}], { bytesOfParts: 100_000 })
      expect([answer.status, ...kindsOf(calls)]).toEqual([200, 'answered', 'answered'])
      expect(calls[0]?.result?.data.data.text).toBe(TEXT)
    })

    it('makes no change for whose answer there is no room', async () => {
      const draft = await test.send('POST', '/drafts', { as: key, body: { subject: 'none', text: TEXT } })
      const changes = ['one', 'two', 'three', 'four', 'five'].map((subject) => ({ id: draft.data['id'], subject }))
      const { calls } = await call(
        'POST',
        changes.map(() => 'drafts.update'),
        changes,
      )
      expect(kindsOf(calls)).toEqual([
        ...['answered', 'answered', 'answered'],
        ...['PAYLOAD_TOO_LARGE', 'PAYLOAD_TOO_LARGE'],
      ])
      expect(calls.slice(0, 3).map(({ result }) => result?.data.data.subject)).toEqual(['one', 'two', 'three'])
      const now = await test.send('GET', `/drafts/${draft.data['id']}`, { as: key })
      expect([now.data['subject'], now.data['text']]).toEqual(['three', TEXT])
    })
  })
})
