import { expect, it, vi } from 'vitest'
import { createKeptAnswers } from './index.ts'

/** Kept answers, and how often each key was asked for. */
function bench(options: Partial<Parameters<typeof createKeptAnswers<string>>[0]> = {}) {
  const kept = createKeptAnswers<string>({ max: 3, ...options })
  const asked: string[] = []
  const get = (key: string, answer: () => Promise<string> = () => Promise.resolve(`answer of ${key}`)) =>
    kept.get(key, () => {
      asked.push(key)
      return answer()
    })
  return { ...kept, get, asked }
}

it('asks once, also while the answer is on its way', async () => {
  const { get, asked } = bench()
  expect(await Promise.all([get('a'), get('a')])).toEqual(['answer of a', 'answer of a'])
  expect(await get('a')).toBe('answer of a')
  expect(asked).toEqual(['a'])
})

it('keeps no more than it may, and the newest', async () => {
  const { get, asked } = bench()
  for (const key of ['a', 'b', 'c', 'd']) await get(key)
  for (const key of ['d', 'c', 'b', 'a']) await get(key)
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'a'])
})

it('forgets what is deleted, alone', async () => {
  const { get, asked, ...kept } = bench()
  const all = async () => {
    asked.length = 0
    for (const key of ['a', 'b', 'ab']) await get(key)
    return [...asked]
  }
  await all()
  kept.delete('a')
  expect(await all()).toEqual(['a'])
  kept.deleteWhere((key) => key.startsWith('a'))
  expect(await all()).toEqual(['a', 'ab'])
  kept.clear()
  expect(await all()).toEqual(['a', 'b', 'ab'])
})

it('forgets a failure, but not the newer answer of its key', async () => {
  const { get, asked, ...kept } = bench()
  const fail = () => Promise.reject(new Error('no database'))
  await expect(get('a', fail)).rejects.toThrow('no database')
  const held = Promise.withResolvers<string>()
  const failing = get('a', () => held.promise)
  kept.delete('a')
  expect(await get('a')).toBe('answer of a')
  held.reject(new Error('no database'))
  await expect(failing).rejects.toThrow('no database')
  expect(await get('a')).toBe('answer of a')
  expect(asked).toEqual(['a', 'a', 'a'])
})

it('keeps no answer that was on its way when it was deleted', async () => {
  const { get, asked, ...kept } = bench()
  const held = Promise.withResolvers<string>()
  const before = get('a', () => held.promise)
  kept.delete('a')
  held.resolve('old')
  expect(await before).toBe('old')
  expect(await get('a')).toBe('answer of a')
  expect(asked).toEqual(['a', 'a'])
})

it('asks again when the time of an answer is over, and for one that is not to be kept', async () => {
  const now = vi.fn(() => new Date(0))
  const { get, asked } = bench({ keepMs: 1000, now, isKept: (answer) => answer !== 'answer of b' })
  for (let round = 0; round < 2; round += 1) for (const key of ['a', 'b']) await get(key)
  expect(asked).toEqual(['a', 'b', 'b'])
  now.mockReturnValue(new Date(1000))
  await get('a')
  expect(asked).toEqual(['a', 'b', 'b', 'a'])
})
