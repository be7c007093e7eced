import { expect, test } from 'vitest'

import { shiftOf } from './use-anchored-scroll.ts'

test.each([
  [['a', 'b', 'c'], ['x', 'y', 'a', 'b', 'c'], 0, 2],
  [['a', 'b', 'c'], ['x', 'a', 'b', 'c'], 1, 1],
  [['a', 'b', 'c'], ['b', 'c'], 1, -1],
  [['a', 'b', 'c'], ['x', 'b', 'c'], 0, 1],
  [['a', 'b', 'c'], ['a', 'c'], 1, 0],
  [['a', 'b', 'c'], ['a', 'b', 'c', 'd'], 0, 0],
  [['a', 'b'], ['x', 'y'], 0, 0],
])('from %j to %j, looking at row %i, rows move by %i', (previous, next, first, shift) => {
  expect(shiftOf(previous, next, first)).toBe(shift)
})
