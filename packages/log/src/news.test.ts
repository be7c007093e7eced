import { expect, it } from 'vitest'
import { createNews } from './news.ts'

it('is what was not said in this minute, of a bounded number of keys', () => {
  let now = 0
  const isNew = createNews(() => now)
  expect([isNew('a'), isNew('a'), isNew('b')]).toEqual([true, false, true])
  now = 60_000
  expect([isNew('a'), isNew('a')]).toEqual([true, false])
  for (let at = 0; at < 10_000; at++) isNew(`key ${at}`)
  expect(isNew('a')).toBe(true)
})
