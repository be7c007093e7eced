/** Kinds of step, in the order in which they usually come. */
export const JOURNEY_STEP_KINDS = [
  'connect',
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'authentication',
  'spam',
  'rule',
  'hook',
  'store',
  'deliver',
  'queue',
  'attempt',
  'bounce',
  'end',
] as const
export type JourneyStepKind = (typeof JOURNEY_STEP_KINDS)[number]

export const JOURNEY_STEP_RESULTS = ['ok', 'info', 'refused', 'deferred', 'skipped', 'failed'] as const
export type JourneyStepResult = (typeof JOURNEY_STEP_RESULTS)[number]

/** How a transaction, or one recipient of it, ended. `partial`: recipients fared differently; `aborted`: the client went away. */
export const JOURNEY_STATUSES = ['accepted', 'refused', 'deferred', 'partial', 'aborted'] as const
export type JourneyStatus = (typeof JOURNEY_STATUSES)[number]

/** From outside, from a user's client or call, or made here. */
export const JOURNEY_DIRECTIONS = ['inbound', 'submission', 'internal'] as const
export type JourneyDirection = (typeof JOURNEY_DIRECTIONS)[number]

/** One step, as stored (JSON) and sent. */
export interface JourneyStep {
  /** RFC 3339 UTC. */
  readonly at: string
  /** Milliseconds since the journey began. */
  readonly ms: number
  readonly kind: JourneyStepKind
  readonly name: string
  readonly result: JourneyStepResult
  readonly detail: string
}

/** What a recorder has collected: one transaction, told from its first command to its end. A plain value, the caller's own. */
export interface Journey {
  id: string
  direction: JourneyDirection
  status: JourneyStatus
  startedAt: Date
  endedAt: Date
  /** In order; the last one is of kind `end`. */
  steps: JourneyStep[]
}
