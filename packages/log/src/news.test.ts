import { expect, it } from 'vitest'
import { createNews } from './news.ts'

it('is what was not said in this minute, up to a number of lines', () => {
  let now = 0
  const isNew = createNews(() => now)
  expect([isNew('a'), isNew('a'), isNew('b')]).toEqual([true, false, true])
  now = 60_000
  expect([isNew('a'), isNew('a')]).toEqual([true, false])
  const said = Array.from({ length: 20_000 }, (_, at) => isNew(`key ${at}`))
  expect(said.filter(Boolean)).toHaveLength(999)
  expect(isNew('a')).toBe(false)
  now = 120_000
  expect(isNew('a')).toBe(true)
})
