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

/**
 * How a journey, or one recipient of it, stands.
 * - `accepted`: answered 250 and in the mailbox; `refused`: answered 5yz; `aborted`: ended before there was an answer.
 * - `deferred`: not now. The client was answered 4yz, or the next server put us off and we try again.
 * - `queued`, `delivered`, `bounced`, `suppressed`, `cancelled`: what becomes of mail that goes on to another server.
 * - `partial`: recipients fared differently.
 */
export const JOURNEY_STATUSES = [
  'accepted',
  'queued',
  'deferred',
  'delivered',
  'bounced',
  'suppressed',
  'cancelled',
  'refused',
  'partial',
  'aborted',
] as const
export type JourneyStatus = (typeof JOURNEY_STATUSES)[number]

/** Where the mail came in: from another server, from a user's program or API call, or made by this server itself. */
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
  /** Comparison key of the one recipient that the step is about, who alone may see it; null: about the whole transaction. */
  readonly recipient: string | null
}

/** A step as it may be stored: older ones do not name their recipient. */
export type StoredJourneyStep = Omit<JourneyStep, 'recipient'> & Partial<Pick<JourneyStep, 'recipient'>>

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
