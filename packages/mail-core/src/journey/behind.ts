import type { RecordedStep } from './types.ts'

/** A step behind an envelope recipient, stored apart, and its place among all steps of the journey. */
export interface BehindStep extends RecordedStep {
  readonly place: number
}

/**
 * Takes the steps behind recipients out of those that name what the client named: how much is behind an address must not show in what
 * is read for those who may not know.
 */
export function splitBehind(steps: readonly RecordedStep[]): { named: RecordedStep[]; behind: BehindStep[] } {
  return {
    named: steps.filter(({ behind }) => behind === undefined),
    behind: steps.flatMap((step, place) => (step.behind === undefined ? [] : [{ ...step, place }])),
  }
}

/** All steps in their order again. */
export function mergeBehind<Step>(named: readonly Step[], behind: readonly BehindStep[]): (Step | RecordedStep)[] {
  const merged: (Step | RecordedStep)[] = [...named]
  for (const { place, ...step } of behind) merged.splice(place, 0, step)
  return merged
}
