import type { Part } from '@mairust/intake'
import type { Submitted } from '@mairust/intake/transaction'
import type { SessionFacts } from '@mairust/mail-core/smtp'

/** A message to accept. */
export interface Acceptance extends Submitted {
  readonly facts: SessionFacts
  readonly clientName: string | null
  readonly body: readonly Part[]
  /** All of it as received, to find out who sent it; null when our user did. */
  readonly unverified: Part | null
  /** Waits until objects of so many bytes in all may be written. */
  readonly roomFor: (bytes: number) => Promise<void>
}
