import { expect } from 'vitest'
import type { Answer } from '../testing/api.ts'
import type { World } from '../testing/world.ts'
import type { Outcome } from './matrix.fixtures.ts'

/** Ids and addresses of the tenant, which no response to an outsider may contain. */
export const secretsOf = (world: World): string[] => [
  ...Object.values(world.ids),
  world.admin.id,
  world.mailbox.address,
]

const STATUS: Record<Exclude<Outcome, 'empty' | 'own' | 'unchanged'>, number> = {
  missing: 404,
  forbidden: 403,
  invalid: 422,
}

/** Checks that an operation had the expected outcome, and that nothing of the world's leaked. */
export const expectOutcome = (world: World, answer: Answer, outcome: Outcome): void => {
  const text = JSON.stringify(answer.json)
  if (outcome === 'own') {
    expect(answer.status, text).toBeLessThan(300)
    return
  }
  if (outcome === 'unchanged') {
    expect(answer.data).toMatchObject({ updated: 0 })
    return
  }
  expect(answer.status, text).toBe(outcome === 'empty' ? 200 : STATUS[outcome])
  for (const secret of secretsOf(world)) expect(text).not.toContain(secret)
}
