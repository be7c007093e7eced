import type { Part, UnsignedParts } from '@mairust/intake'
import type { SessionFacts } from '@mairust/mail-core/smtp'
import type { Transaction } from './transaction.ts'

/** A message to accept. */
export interface Acceptance {
  readonly transaction: Transaction
  readonly facts: SessionFacts
  readonly clientName: string | null
  readonly body: readonly Part[]
  /** What our user's domain signs; null when nobody here wrote it. */
  readonly unsigned: UnsignedParts | null
  /** Whether it has bytes over 127. */
  readonly eightBit: boolean
  /** All of it as received, to find out who sent it; null when our user did. */
  readonly unverified: Part | null
  /** Waits until objects of so many bytes in all may be written. */
  readonly roomFor: (bytes: number) => Promise<void>
}
