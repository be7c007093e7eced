import { expect, it } from 'vitest'
import { onceEach } from './once-each.ts'

const settle = () => new Promise(setImmediate)

it('makes one at a time, even when a known name is asked for meanwhile', async () => {
  const begun: string[] = []
  const ends: (() => void)[] = []
  const find = onceEach(async (name) => {
    begun.push(name)
    await new Promise<void>((resolve) => ends.push(resolve))
    return `id of ${name}`
  })
  const first = find('a')
  await settle()
  ends[0]?.()
  expect(await first).toBe('id of a')

  const second = find('b')
  await settle()
  expect(await find('A')).toBe('id of a')
  const third = find('c')
  await settle()
  expect(begun).toEqual(['a', 'b'])

  ends[1]?.()
  await settle()
  expect(begun).toEqual(['a', 'b', 'c'])
  ends[2]?.()
  expect(await Promise.all([second, third])).toEqual(['id of b', 'id of c'])
})
