/** Kinds of step, in their usual order. */
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
 * Status of a journey, or of one recipient in it.
 * - `accepted`: answered 250 and in the mailbox; `refused`: answered 5yz; `aborted`: ended before there was a reply.
 * - `deferred`: the client was answered 4yz, or the next server deferred us and we retry.
 * - `queued`, `delivered`, `bounced`, `suppressed`, `cancelled`: outcomes of mail relayed to another server.
 * - `partial`: recipients differ.
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

/** Origin of the mail: another server, a user's mail program or API call, or this server itself. */
export const JOURNEY_DIRECTIONS = ['inbound', 'submission', 'internal'] as const
export type JourneyDirection = (typeof JOURNEY_DIRECTIONS)[number]

/**
 * The recipient of a step about recipients that are not named, such as how many were over the limit. No address is spelled so: only who
 * may see all of a journey sees the step.
 */
export const UNNAMED = '*'

/** One step, as sent. */
export interface JourneyStep {
  /** RFC 3339 UTC. */
  readonly at: string
  /** Milliseconds since the journey began. */
  readonly ms: number
  readonly kind: JourneyStepKind
  readonly name: string
  readonly result: JourneyStepResult
  readonly detail: string
  /** Comparison key of the recipient concerned, who alone may see the step; `UNNAMED`; `allIn` a domain; null: the whole transaction. */
  readonly recipient: string | null
}

/** What led a step to a mailbox or target that nobody named. */
export interface Behind {
  /** Comparison key of the envelope recipient. */
  readonly through: string
  /** The name of the role of the mailbox's owner; null without one. */
  readonly ownerRole: string | null
}

/** A step as recorded. `behind` says that it is about a mailbox or target behind an envelope recipient. */
export interface RecordedStep extends JourneyStep {
  readonly behind?: Behind
}

/** A step as stored: older ones lack the recipient. */
export type StoredJourneyStep = Omit<RecordedStep, 'recipient'> & Partial<Pick<JourneyStep, 'recipient'>>

/** One transaction, recorded from its first command to its end. A plain value, owned by the caller. */
export interface Journey {
  id: string
  direction: JourneyDirection
  status: JourneyStatus
  startedAt: Date
  endedAt: Date
  /** In order; the last one is of kind `end`. */
  steps: RecordedStep[]
}
