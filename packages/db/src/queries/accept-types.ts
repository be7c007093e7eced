import type { JourneyDirection, JourneyStatus, JourneyStep } from '@mairust/mail-core/journey'
import type { MessageIndex } from '@mairust/mail-core/message'
import type { FolderRole } from '../schema/folder.ts'
import type { StoredAuthentication } from '../schema/message.ts'

/** How one envelope recipient of a transaction stands. */
export interface RecipientResult {
  /** Whose journey it belongs to; null when that was not found out: then the tenant of its domain, else the journey's. */
  tenantId: string | null
  /** Comparison key of the address as given in RCPT. */
  address: string
  status: JourneyStatus
  /** The reply it got, without line end. */
  reply: string
  /** Name of what refused it, as in `unknown`. */
  reason?: string | undefined
  /** Addresses of the mailboxes it led to; steps about these belong to it. */
  mailboxes?: readonly string[] | undefined
}

/**
 * One SMTP transaction or API submission. A row is written for each tenant among the recipients, with that tenant's recipients
 * and their steps only; `tenantId` gets one when there are no recipients, and one with everything when it is its sender's.
 */
export interface JourneyInput {
  /** `jrn_…`, the same in each tenant. */
  id: string
  /** SYSTEM_TENANT, or the submitter's. */
  tenantId: string
  /** Who was logged in; absent when nobody was. */
  userId?: string | null | undefined
  direction: JourneyDirection
  status: JourneyStatus
  /** Reverse-path, normalised; empty for `<>`. */
  sender: string
  remoteAddress: string
  helo: string
  /** The last reply of the transaction. */
  reply: string
  /** Name of what refused the whole transaction. */
  reason?: string | undefined
  /** In order. One that names a recipient goes to that recipient's tenant alone. */
  steps: readonly JourneyStep[]
  startedAt: Date
  recipients: readonly RecipientResult[]
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
  /** Tags of the tenant, by id. */
  tagIds?: readonly string[] | undefined
  /** What an import knows it again by: a mailbox takes each once. */
  importKey?: string | undefined
}

/** A stored object of an accepted message: its bytes with one set of headers, on stable storage already. */
export interface AcceptObject {
  blobKey: string
  /** Bytes and lower-case hex SHA-256 of the stored object. */
  size: number
  sha256: string
  /** Every text in it has passed `toStoredText`, as `buildIndex` of mail-core gives it. */
  index: MessageIndex
  spamScore?: number | null | undefined
  authentication?: StoredAuthentication | null | undefined
  /** Whose mailboxes hold it: of one tenant, since tenants share no object. */
  copies: AcceptCopy[]
}

/** An accepted message. */
export interface AcceptItem {
  journey: JourneyInput
  objects: AcceptObject[]
  /** Imports fill a mailbox beyond its quota; receiving does not. */
  ignoreQuota?: boolean | undefined
}

/** A copy with the object it shows. */
export interface Placed {
  journey: JourneyInput
  object: AcceptObject
  copy: AcceptCopy
}

/** Why an item was not stored. Nothing of it was written, its journey neither. */
export interface AcceptFailure {
  /** Position in `items`. */
  index: number
  /** `too_large`: alone over the quota of each of its mailboxes (552); `over_quota`: they are full (452); `no_mailbox`, `suspended`: it was removed or suspended meanwhile. */
  reason: 'over_quota' | 'too_large' | 'no_mailbox' | 'suspended'
  mailboxId: string
}

export interface AcceptResult {
  failures: AcceptFailure[]
}
