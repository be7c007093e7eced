import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allBut, hasAllIds, hasId, idsOutside, intersectIds, unionIds, type IdSet } from './id-set.ts'

const IDS = ['a', 'b', 'c', 'd', 'e']
const ids = fc.uniqueArray(fc.constantFrom(...IDS))
const sets: fc.Arbitrary<IdSet> = fc.oneof(ids, ids.map(allBut), fc.constant('all' as const))

it('id sets intersect and unite like sets', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      for (const id of [...IDS, 'other']) {
        expect(hasId(intersectIds(a, b), id)).toBe(hasId(a, id) && hasId(b, id))
        expect(hasId(unionIds(a, b), id)).toBe(hasId(a, id) || hasId(b, id))
      }
    }),
  )
})

it('an id set contains another when it has each of its ids', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      expect(hasAllIds(a, b)).toBe([...IDS, 'other'].every((id) => hasId(a, id) || !hasId(b, id)))
    }),
  )
})

it('the ids of a list outside a set are those it does not have', () => {
  fc.assert(
    fc.property(sets, ids, (set, list) => {
      expect(idsOutside(set, list)).toEqual(list.filter((id) => !hasId(set, id)))
    }),
  )
})
