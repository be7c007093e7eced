import type { JourneyStatus, JourneyStep, StoredJourneyStep } from './types.ts'

/** Combines recipients' statuses: the common one, else `partial`; `none` when there are none. */
export function foldStatuses(statuses: Iterable<JourneyStatus>, none: JourneyStatus): JourneyStatus {
  const [first = none, ...others] = new Set(statuses)
  return others.length === 0 ? first : 'partial'
}

/** A stored step with its recipient. Older steps lack it; their `rcpt` steps have it as the name, other steps have none. */
export function readStep(step: StoredJourneyStep): JourneyStep {
  const { recipient = step.kind === 'rcpt' ? step.name : null, ...rest } = step
  return { ...rest, recipient }
}
