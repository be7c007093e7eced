import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allBut, hasId, intersectIds, unionIds, type IdSet } from './id-set.ts'

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
