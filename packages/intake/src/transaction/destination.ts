import type { AddressKey } from '@mairust/mail-core/address'
import type { DmarcOverride } from '@mairust/mail-core/auth'
import type { EnvelopeRecipient } from '@mairust/mail-core/envelope'
import type { LocalDelivery, SkippedTarget } from '@mairust/mail-core/inbound'

/** An accepted recipient and its mailboxes, or one elsewhere. */
export interface Destination {
  readonly recipient: EnvelopeRecipient
  readonly tenantId: string
  readonly deliveries: readonly LocalDelivery[]
  /** It is a return path or a feedback address of ours: its mail is read, and goes to `fallback` when that says nothing. */
  readonly returned?: { readonly fallback: AddressKey } | undefined
  /** Whether its mail goes to another server. */
  readonly isElsewhere: boolean
  /** Targets of an alias that get nothing. */
  readonly skipped: readonly SkippedTarget[]
  /** The address of ours of which the recipient is a spelling. */
  readonly meant: string
  /** The names of the roles of those whose mailboxes it leads to. */
  readonly ownerRoles: readonly string[]
  /** What its domain does about the DMARC policies of others: whether it refuses the message. null: what the server does. */
  readonly dmarc: DmarcOverride | null
  /** The same of the domains of its mailboxes, by name: where their copies are filed. */
  readonly filing: ReadonlyMap<string, DmarcOverride | null>
}
