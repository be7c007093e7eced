import type { JourneyStatus, JourneyStep, StoredJourneyStep } from './types.ts'

/** The status of a whole out of its recipients': theirs when they agree, else `partial`; `none` when there are none. */
export function foldStatuses(statuses: Iterable<JourneyStatus>, none: JourneyStatus): JourneyStatus {
  const [first = none, ...others] = new Set(statuses)
  return others.length === 0 ? first : 'partial'
}

/** A stored step with its recipient. Before steps named it, a step of RCPT had it as its name, and no other step had one. */
export function readStep(step: StoredJourneyStep): JourneyStep {
  const { recipient = step.kind === 'rcpt' ? step.name : null, ...rest } = step
  return { ...rest, recipient }
}
