import { describe, expect, it, vi } from 'vitest'
import { called } from '../testing/caller.ts'
import { ORIGIN } from '../testing/api.ts'
import { createAnswerRoom } from './answer-room.ts'
import { textContent } from './content.ts'
import { untilClientLeaves } from './leaving.ts'

describe('an answer whose client leaves', () => {
  const bench = () => {
    const given = vi.fn()
    const client = new AbortController()
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(9)), cancel: given })
    const ask = () =>
      untilClientLeaves(() => Promise.resolve(new Response(body)))(new Request(`${ORIGIN}/`, { signal: client.signal }))
    return { given, client, ask }
  }

  it.each(['before it is made', 'before it is read'])('is given up %s', async (when) => {
    const { given, client, ask } = bench()
    if (when === 'before it is made') client.abort()
    await ask()
    client.abort()
    expect(given).toHaveBeenCalledTimes(1)
  })

  it('is left to who reads it', async () => {
    const { given, client, ask } = bench()
    const reader = (await ask()).body?.getReader()
    client.abort()
    expect(given).not.toHaveBeenCalled()
    await reader?.cancel()
    expect(given).toHaveBeenCalledTimes(1)
  })

  it('and has no body is left alone', async () => {
    const client = new AbortController()
    client.abort()
    const asked = untilClientLeaves(() => Promise.resolve(new Response(null, { status: 204 })))
    expect((await asked(new Request(`${ORIGIN}/`, { signal: client.signal }))).status).toBe(204)
  })
})

it('a long answer whose client leaves before it is read holds no room', async () => {
  const answers = createAnswerRoom()
  const client = new AbortController()
  const caller = called('t a')
  const content = textContent('x'.repeat(10 * 1_048_576))
  const ask = untilClientLeaves((request) =>
    answers.run(caller, request, () => Promise.resolve({ head: new Response(null), content })),
  )
  await ask(new Request(`${ORIGIN}/`, { signal: client.signal }))
  await expect(ask(new Request(`${ORIGIN}/`))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  client.abort()
  expect((await ask(new Request(`${ORIGIN}/`))).status).toBe(200)
})
