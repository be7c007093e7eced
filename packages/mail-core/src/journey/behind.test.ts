import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mergeBehind, splitBehind } from './index.ts'

it('steps behind recipients are told apart, and all are in their order again', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (kinds) => {
      const steps = kinds.map((isBehind, ms) => ({
        ...({ at: '2026-01-01T00:00:02Z', ms, kind: 'rcpt', name: `${ms}`, result: 'ok', detail: '' } as const),
        recipient: 'a@b.example',
        ...(isBehind ? { behind: { through: 'a@b.example', ownerRole: null } } : {}),
      }))
      const { named, behind } = splitBehind(steps)
      expect(named).toEqual(steps.filter((step) => step.behind === undefined))
      expect(mergeBehind(named, behind)).toEqual(steps)
    }),
  )
})
