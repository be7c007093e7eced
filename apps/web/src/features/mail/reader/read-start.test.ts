import { expect, test } from 'vitest'

import { readStart } from './read-start.ts'

const answer = (...chunks: Uint8Array[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    }),
  )
const bytes = (text: string) => new TextEncoder().encode(text)

test('characters may be split over chunks', async () => {
  const text = bytes('東京')
  expect(await readStart(answer(text.subarray(0, 2), text.subarray(2)), 100)).toBe('東京')
})

test('reads no more than the limit', async () => {
  expect(await readStart(answer(bytes('abc'), bytes('def'), bytes('ghi')), 5)).toBe('abcde')
})

test('rejects an error response', async () => {
  await expect(readStart(new Response('{}', { status: 404 }), 10)).rejects.toThrow('404')
})
