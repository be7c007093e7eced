import type { SubmittedMessage } from '@mairust/intake/drafts'
import type { Address } from '@mairust/mail-core/address'
import type { FoundRecipient } from './recipients.ts'
import type { Sender } from './sender.ts'

/** A message that may be sent, and for whom it is. */
export interface Handed {
  readonly sender: Sender
  readonly from: Address
  readonly message: SubmittedMessage
  readonly recipients: readonly FoundRecipient[]
  readonly saveCopy: boolean
  /** That of a scheduled message was given away before. */
  readonly journeyId?: string | undefined
}
