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

/** How a transaction stands. `aborted`: the client went away before the end. `partial`: some recipients only. */
export const JOURNEY_STATUSES = [
  'open',
  'accepted',
  'refused',
  'deferred',
  'aborted',
  'queued',
  'delivered',
  'partial',
  'bounced',
  'cancelled',
] as const
export type JourneyStatus = (typeof JOURNEY_STATUSES)[number]

export const JOURNEY_DIRECTIONS = ['inbound', 'outbound'] as const
export type JourneyDirection = (typeof JOURNEY_DIRECTIONS)[number]

export const RECIPIENT_FATES = [
  'accepted',
  'delivered',
  'refused',
  'deferred',
  'queued',
  'bounced',
  'suppressed',
  'cancelled',
] as const
export type RecipientFate = (typeof RECIPIENT_FATES)[number]

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

/** What became of one envelope recipient. */
export interface JourneyRecipient {
  readonly address: string
  readonly fate: RecipientFate
  /** The tenant whose mail it is, or null for an address that is nobody's here. */
  readonly tenantId: string | null
  /** The reply's line, or ''. */
  readonly reply: string
  /** A named reason or mailbox ids, for people; or ''. */
  readonly detail: string
}

/** One SMTP transaction, told from its first command to its end. */
export interface Journey {
  readonly id: string
  readonly direction: JourneyDirection
  readonly status: JourneyStatus
  readonly from: string
  readonly startedAt: Date
  readonly endedAt: Date
  readonly steps: readonly JourneyStep[]
  readonly recipients: readonly JourneyRecipient[]
}
