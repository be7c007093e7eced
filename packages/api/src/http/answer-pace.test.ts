import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { called } from '../testing/caller.ts'
import { createAnswerRoom } from './answer-room.ts'
import { jsonContent } from './content.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('a client at 100 kbit/s gets the longest message, with the limits of the server', async () => {
  const room = createAnswerRoom()
  const content = jsonContent('\u0001'.repeat(2 * 1_048_576))
  const answer = await room.run(called('t a'), { method: 'GET' }, () =>
    Promise.resolve({ head: new Response(null), content }),
  )
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = answer.body?.getReader()
  let [size, buffered] = [0, 0]
  for (let step = await reader?.read(); step?.value !== undefined; step = await reader?.read()) {
    size += step.value.length
    buffered += step.value.length
    if (buffered < 1_300_000) continue
    // The system takes much at once, and then nothing until a third of its buffer is free.
    vi.advanceTimersByTime((buffered / 12_500) * 1000)
    buffered = 0
  }
  expect(size).toBe(content.bytes)
})
