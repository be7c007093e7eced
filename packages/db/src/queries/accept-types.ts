import type { JourneyDirection, JourneyStatus, RecordedStep } from '@mairust/mail-core/journey'
import type { MessageIndex } from '@mairust/mail-core/message'
import type { Notify } from '@mairust/mail-core/smtp'
import type { FolderRole } from '../schema/folder.ts'
import type { StoredAuthentication } from '../schema/message.ts'

/** The result for one envelope recipient of a transaction. */
export interface RecipientResult {
  /** The tenant that sees it; null when unknown: then the tenant of its domain, else the journey's. */
  tenantId: string | null
  /** Comparison key of the address as given in RCPT. */
  address: string
  status: JourneyStatus
  /** The reply to it, without line end. */
  reply: string
  /** Why it was refused: `unknown`, for example. */
  reason?: string | undefined
  /** Addresses of the mailboxes it resolved to; steps about these belong to it. */
  mailboxes?: readonly string[] | undefined
  /** The names of the roles of those whose mailboxes it led to. Absent: it was not resolved, and is when the journey is recorded. */
  ownerRoles?: readonly string[] | undefined
}

/**
 * One SMTP transaction or API submission. Each tenant among the recipients gets a row, with only its own recipients and their
 * steps; `tenantId` gets one when there are no recipients, and one with all recipients when the sender is its user.
 */
export interface JourneyInput {
  /** `jrn_…`, the same in each tenant. */
  id: string
  /** SYSTEM_TENANT, or the sender's for a submission. */
  tenantId: string
  /** The authenticated user, if any. */
  userId?: string | null | undefined
  direction: JourneyDirection
  status: JourneyStatus
  /** Reverse-path, normalised; empty for `<>`. */
  sender: string
  remoteAddress: string
  helo: string
  /** The last reply of the transaction. */
  reply: string
  /** Why the whole transaction was refused. */
  reason?: string | undefined
  /** In order. A step with a recipient goes only to that recipient's tenant; with `UNNAMED`, to the only tenant. */
  steps: readonly RecordedStep[]
  startedAt: Date
  recipients: readonly RecipientResult[]
}

/** An accepted message's row in one mailbox. */
export interface AcceptCopy {
  tenantId: string
  mailboxId: string
  /** `msg_…` of this copy. */
  messageId: string
  /** The target folder by id, else by role, else the inbox. */
  folderId?: string | undefined
  folderRole?: FolderRole | undefined
  receivedAt: Date
  seen?: boolean | undefined
  starred?: boolean | undefined
  answered?: boolean | undefined
  draft?: boolean | undefined
  /** Tags of the tenant, by id. */
  tagIds?: readonly string[] | undefined
  /** Identifies the message in later imports; unique in a mailbox. */
  importKey?: string | undefined
}

/** What of an object is sent to other servers, and how: the same bytes for all of these recipients. */
export interface AcceptOutgoing {
  tenantId: string
  /** `out_…` */
  id: string
  /** Who submitted it; null for what we forward or made ourselves. */
  userId: string | null
  /** Header lines with CRLF that go before the object. */
  header: string
  /** The reverse-path as the next server gets it; empty for `<>`. */
  returnPath: string
  /** Whom a DSN goes to; empty for nobody. */
  sender: string
  /** What kind of mail it is, by its sender's names; absent or empty: none in particular. */
  stream?: string | undefined
  eightBit: boolean
  smtpUtf8: boolean
  ret: 'full' | 'hdrs' | null
  envid: string | null
  deliveries: readonly AcceptDelivery[]
}

/** A recipient elsewhere. */
export interface AcceptDelivery {
  /** `dlv_…` */
  id: string
  /** The forward-path as sent; its comparison key; its domain in A-labels, lower case. */
  recipient: string
  address: string
  domain: string
  notify: readonly Notify[] | null
  orcpt: { type: string; address: string } | null
  /** When it is tried first. */
  nextAttemptAt: Date
  expiresAt: Date
  /** It is a mailbox of ours, and its sender wants to hear that it has the message (RFC 3461 §4.1). */
  isDelivered?: boolean | undefined
  /** It is sent whatever the suppression list says. */
  isExempt?: boolean | undefined
}

/** An object of an accepted message: its bytes with one set of header fields, already on stable storage. */
export interface AcceptObject {
  blobKey: string
  /** Bytes and lower-case hex SHA-256 of the object. */
  size: number
  sha256: string
  /** Every text in it has passed `toStoredText`, as `buildIndex` ensures. */
  index: MessageIndex
  spamScore?: number | null | undefined
  authentication?: StoredAuthentication | null | undefined
  /** All of one tenant: tenants share no objects. */
  copies: AcceptCopy[]
  outgoing?: readonly AcceptOutgoing[] | undefined
  /** It came to a return path or a feedback address, and is to be read. */
  returned?: AcceptReturned | undefined
}

/** Mail that came back. */
export interface AcceptReturned {
  tenantId: string
  /** The address that it came to; whom it goes to when it says nothing that we understand; its reverse-path, empty for `<>`. */
  address: string
  fallback: string
  sender: string
}

/** How many recipients elsewhere somebody may send to in an hour or day of UTC. */
export interface SendingLimit {
  readonly scope: 'user' | 'domain'
  /** The user's id, or the domain's name. */
  readonly subject: string
  readonly period: 'hour' | 'day'
  readonly limit: number
}

/** A limit that a message would exceed, what is left of it, and when it begins anew. */
export interface ReachedLimit extends SendingLimit {
  readonly left: number
  readonly resetAt: Date
}

/** An accepted message. */
export interface AcceptItem {
  journey: JourneyInput
  objects: AcceptObject[]
  /** What bounds its recipients elsewhere. */
  limits?: readonly SendingLimit[] | undefined
  /** Bytes that it may take beyond the quota of a mailbox, also of one that is suspended: any for imports, none for what is received. */
  beyondQuota?: number | undefined
}

/** A copy and what it is a copy of. */
export interface Copied {
  object: Pick<AcceptObject, 'index'>
  copy: Pick<AcceptCopy, 'tenantId' | 'mailboxId' | 'receivedAt'>
}

/** A copy, its object and its journey. */
export interface Placed extends Copied {
  journey: JourneyInput
  object: AcceptObject
  copy: AcceptCopy
}

/** Why an item was not stored. Nothing of it was written, not even its journey. */
export interface AcceptFailure {
  /** Position in `items`. */
  index: number
  /**
   * `too_large`: exceeds the quota of each of its mailboxes (552); `over_quota`: they are full (452); `no_mailbox`, `suspended`:
   * one was removed or suspended meanwhile;
   * `over_limit`: its sender may send to no more recipients for now.
   */
  reason: 'over_quota' | 'too_large' | 'no_mailbox' | 'suspended' | 'over_limit'
  /** Empty for `over_limit`. */
  mailboxId: string
  /** With `over_limit`. */
  reached?: ReachedLimit | undefined
}

export interface AcceptResult {
  failures: AcceptFailure[]
}
