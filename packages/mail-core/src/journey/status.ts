import type { JourneyStatus, JourneyStepResult, RecordedStep, StoredJourneyStep } from './types.ts'

/** The result of the final step of a journey with this status. */
export const END_RESULTS: Readonly<Record<JourneyStatus, JourneyStepResult>> = {
  accepted: 'ok',
  queued: 'ok',
  deferred: 'deferred',
  delivered: 'ok',
  bounced: 'failed',
  suppressed: 'skipped',
  cancelled: 'skipped',
  refused: 'refused',
  partial: 'ok',
  aborted: 'failed',
}

/** Combines recipients' statuses: the common one, else `partial`; `none` when there are none. */
export function foldStatuses(statuses: Iterable<JourneyStatus>, none: JourneyStatus): JourneyStatus {
  const [first = none, ...others] = new Set(statuses)
  return others.length === 0 ? first : 'partial'
}

/**
 * A step for those who see only some of the recipients, and these with this status: that the journey ended as `partial` would tell them
 * of the others.
 */
export function endingFor<Step extends StoredJourneyStep>(step: Step, status: JourneyStatus): Step {
  return step.kind === 'end' && step.name === 'partial' ? { ...step, name: status, result: END_RESULTS[status] } : step
}

/** A stored step with its recipient. Older steps lack it; their `rcpt` steps have it as the name, other steps have none. */
export function readStep(step: StoredJourneyStep): RecordedStep {
  const { recipient = step.kind === 'rcpt' ? step.name : null, ...rest } = step
  return { ...rest, recipient }
}
