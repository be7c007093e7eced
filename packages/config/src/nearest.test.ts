import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from './nearest.ts'

describe('nearest names', () => {
  it.each([
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['prt', 'port', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('between %j and %j is %i edits', (a, b, distance) => expect(editDistance(a, b)).toBe(distance))

  it('ignores case and prefers the first of equals', () => {
    expect(nearest('PORT', ['host', 'port'])).toBe('port')
    expect(nearest('x', ['a', 'b'])).toBe('a')
    expect(nearest('x', [])).toBeUndefined()
  })
})
