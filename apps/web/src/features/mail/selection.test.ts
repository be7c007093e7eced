import { expect, test } from 'vitest'

import { extendTo, keepOnly, neighbourOf, NOTHING, toggle, toggleAll } from './selection.ts'

const ORDER = ['a', 'b', 'c', 'd', 'e']

test('rows are selected one by one and as a range', () => {
  const one = toggle(NOTHING, 'b')
  expect([...extendTo(one, 'd', ORDER).ids]).toEqual(['b', 'c', 'd'])
  expect([...extendTo(one, 'a', ORDER).ids].sort()).toEqual(['a', 'b'])
  expect([...toggle(one, 'b').ids]).toEqual([])
  expect([...extendTo(NOTHING, 'c', ORDER).ids]).toEqual(['c'])
  expect([...extendTo({ ids: new Set(['x']), anchor: 'x' }, 'c', ORDER).ids]).toEqual(['x', 'c'])
})

test('all rows, and none', () => {
  const all = toggleAll(toggle(NOTHING, 'a'), ORDER)
  expect([...all.ids]).toEqual(ORDER)
  expect(toggleAll(all, ORDER)).toBe(NOTHING)
  expect(toggleAll(NOTHING, []).ids.size).toBe(0)
})

test('rows that are gone are no longer selected', () => {
  const some = extendTo(toggle(NOTHING, 'a'), 'c', ORDER)
  expect([...keepOnly(some, ['b', 'c', 'd']).ids]).toEqual(['b', 'c'])
  expect(keepOnly(some, ORDER)).toBe(some)
})

test('the next current row when rows leave the list', () => {
  expect(neighbourOf('b', ORDER, new Set(['b']))).toBe('c')
  expect(neighbourOf('b', ORDER, new Set(['b', 'c', 'd', 'e']))).toBe('a')
  expect(neighbourOf('e', ORDER, new Set(['e']))).toBe('d')
  expect(neighbourOf('a', ORDER, new Set(ORDER))).toBeNull()
  expect(neighbourOf('z', ORDER, new Set())).toBeNull()
})
