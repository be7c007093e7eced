import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sending } from '../testing/sending.ts'
import { readBody } from './body.ts'
import { longestMs } from './pace.ts'

const MIB = 1_048_576
const LIMIT = 70 * MIB

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it.each([
  ['nothing', 0, 0, 10],
  ['a byte a second', 1, 0, 10],
  ['a byte a second after 128 KiB', 1, MIB / 8, 16],
])('a body that claims to be large and sends %s is given up after seconds', async (_, bytes, first, seconds) => {
  const { request, send, isCancelled } = sending()
  let outcome: unknown = null
  void readBody(request, LIMIT).catch((error: unknown) => {
    outcome = error
  })
  if (first > 0) await send(first)
  await vi.advanceTimersByTimeAsync(0)
  for (let second = 1; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1000)
    if (bytes > 0) await send(bytes)
  }
  expect(outcome).toBeNull()
  await vi.advanceTimersByTimeAsync(1500)
  expect(outcome).toMatchObject({ code: 'REQUEST_TIMEOUT', status: 408, headers: { Connection: 'close' } })
  expect(isCancelled()).toBe(true)
})

it.each([
  ['a steady one may take minutes', MIB, 4000, 60],
  ['a line of 256 kbit/s may send a message of the largest size', MIB / 2, MIB / 2 / 28, 140],
])('%s', async (_, bytes, pauseMs, times) => {
  const { request, send, end } = sending()
  const received = readBody(request, LIMIT)
  for (let sent = 0; sent < times; sent += 1) {
    await send(bytes)
    await vi.advanceTimersByTimeAsync(pauseMs)
  }
  await end()
  expect((await received).length).toBe(bytes * times)
})

it('no body may take longer than its bytes need at the least pace', async () => {
  const { request, send } = sending()
  let outcome: unknown = null
  void readBody(request, LIMIT).catch((error: unknown) => {
    outcome = error
  })
  await send(MIB)
  await vi.advanceTimersByTimeAsync(longestMs(MIB) - 1)
  expect(outcome).toBeNull()
  await vi.advanceTimersByTimeAsync(2)
  expect(outcome).toMatchObject({ code: 'REQUEST_TIMEOUT' })
})
