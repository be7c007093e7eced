import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openOps, type OpsServer } from './ops.ts'

let ops: OpsServer
/** Ends the metrics and the check that are being made, by what they give. */
let made: { metrics: ((text: string) => void)[]; checks: (() => void)[] }

beforeEach(async () => {
  made = { metrics: [], checks: [] }
  ops = await openOps({
    host: '127.0.0.1',
    port: 0,
    checks: () => ({ database: () => new Promise((resolve) => made.checks.push(resolve)) }),
    metrics: () => new Promise((resolve) => made.metrics.push(resolve)),
  })
})
afterEach(() => ops.close())

const ask = async (path: string) => (await fetch(`http://127.0.0.1:${ops.port}${path}`)).text()

it('whoever asks while an answer is being made gets that one, and who comes later a new one', async () => {
  const first = [1, 2, 3].map(() => ask('/metrics'))
  const ready = [1, 2, 3].map(() => ask('/health/ready'))
  await expect.poll(() => [made.metrics.length, made.checks.length]).toEqual([1, 1])
  // By now all six have come.
  for (let n = 0; n < 5; n += 1) await ask('/health/live')
  made.metrics[0]?.('first')
  made.checks[0]?.()
  expect(await Promise.all(first)).toEqual(['first', 'first', 'first'])
  for (const answer of await Promise.all(ready)) expect(answer).toContain('"database":"ok"')
  expect([made.metrics.length, made.checks.length]).toEqual([1, 1])
  const later = ask('/metrics')
  await expect.poll(() => made.metrics.length).toBe(2)
  made.metrics[1]?.('second')
  expect(await later).toBe('second')
})

it('newcomers are accepted and answered soon, however many connections of others are busy', async () => {
  const busy = 40
  const request = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
  const open = (localAddress: string) => {
    const socket = connect({ port: ops.port, host: '127.0.0.1', localAddress })
    // The end of the test may reset it.
    socket.on('error', () => undefined)
    socket.write(request)
    return socket
  }
  let answered = 0
  for (let n = 0; n < busy; n += 1) {
    const socket = open('127.0.0.2')
    socket.on('data', () => {
      answered += 1
      socket.write(request)
    })
  }
  await expect.poll(() => answered).toBeGreaterThan(5 * busy)
  const before = answered
  await Promise.all(Array.from({ length: 20 }, () => once(open('127.0.0.3'), 'data')))
  expect(answered - before).toBeLessThan(3 * busy)
})
