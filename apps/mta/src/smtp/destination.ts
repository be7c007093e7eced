import type { EnvelopeRecipient } from '@mairust/mail-core/envelope'
import type { LocalDelivery } from '@mairust/mail-core/inbound'

/** A recipient that was answered 250, and the mailboxes it leads to. */
export interface Destination {
  readonly recipient: EnvelopeRecipient
  readonly tenantId: string
  readonly deliveries: readonly LocalDelivery[]
}
