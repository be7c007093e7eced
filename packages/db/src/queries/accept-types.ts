import type { JourneyDirection, JourneyStatus, JourneyStep } from '@mairust/mail-core/journey'
import type { MessageIndex } from '@mairust/mail-core/message'
import type { FolderRole } from '../schema/folder.ts'
import type { StoredAuthentication } from '../schema/message.ts'

/** What happened to one envelope recipient. */
export interface RecipientFate {
  /** Whose journey it belongs to; SYSTEM_TENANT when the domain is nobody's. */
  tenantId: string
  /** Normalised address as given in RCPT. */
  address: string
  status: JourneyStatus
  /** The reply it got, without line end. */
  reply: string
  /** Steps that concern this recipient alone; only its tenant sees them. */
  steps?: JourneyStep[] | undefined
}

/**
 * One SMTP transaction or API submission. A row is written for each tenant among the recipients, with that tenant's recipients
 * only; `tenantId` gets one when there are no recipients.
 */
export interface JourneyInput {
  /** `jrn_…`, the same in each tenant. */
  id: string
  /** SYSTEM_TENANT, or the submitter's. */
  tenantId: string
  direction: JourneyDirection
  status: JourneyStatus
  /** Reverse-path, normalised; empty for `<>`. */
  sender: string
  remoteAddress: string
  helo: string
  /** The last reply of the transaction. */
  reply: string
  /** Steps of the whole transaction, in order. */
  steps: JourneyStep[]
  startedAt: Date
  recipients: RecipientFate[]
}

/** A row in one mailbox for an accepted message. */
export interface AcceptCopy {
  tenantId: string
  mailboxId: string
  /** `msg_…` of this copy. */
  messageId: string
  /** Where to: a folder by id, else by role; neither: the inbox. */
  folderId?: string | undefined
  folderRole?: FolderRole | undefined
  receivedAt: Date
  seen?: boolean | undefined
  starred?: boolean | undefined
  answered?: boolean | undefined
  draft?: boolean | undefined
}

/** An accepted message whose object is already on stable storage. */
export interface AcceptItem {
  journey: JourneyInput
  copies: AcceptCopy[]
  blobKey: string
  /** Bytes and lower-case hex SHA-256 of the stored object. */
  size: number
  sha256: string
  /** Every text in it has passed `toStoredText`, as `buildIndex` of mail-core gives it. */
  index: MessageIndex
  spamScore?: number | null | undefined
  authentication?: StoredAuthentication | null | undefined
  /** Imports fill a mailbox beyond its quota; receiving does not. */
  ignoreQuota?: boolean | undefined
}

/** Why an item was not stored. Nothing of it was written, its journey neither. */
export interface AcceptFailure {
  /** Position in `items`. */
  index: number
  /** `too_large`: alone over the quota (552); `over_quota`: the mailbox is full (452); `no_mailbox`: it was removed meanwhile. */
  reason: 'over_quota' | 'too_large' | 'no_mailbox'
  mailboxId: string
}

export interface AcceptResult {
  failures: AcceptFailure[]
}
