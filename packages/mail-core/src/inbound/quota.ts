import type { MailboxFacts } from './directory.ts'

/** How a message stands to a mailbox: `exceeds_quota` when it alone is larger than all of it, so that waiting is no use. */
export type QuotaVerdict = 'fits' | 'full' | 'exceeds_quota'
type Quota = Pick<MailboxFacts, 'quotaBytes' | 'usedBytes'>

/** How a message of `size` bytes (null: not announced) stands to a mailbox's quota when its recipient is named. */
export function checkQuota(mailbox: Quota, size: number | null): QuotaVerdict {
  const { quotaBytes, usedBytes } = mailbox
  if (quotaBytes === null) return 'fits'
  if (size !== null && size > quotaBytes) return 'exceeds_quota'
  return usedBytes >= quotaBytes || usedBytes + (size ?? 0) > quotaBytes ? 'full' : 'fits'
}

/**
 * The same when the message is here, in all its `size` bytes. It may be the one that fills the mailbox: its sender announced no size or
 * others came before it, and what is here is not sent back for that.
 */
export function quotaAtCommit(mailbox: Quota, size: number): QuotaVerdict {
  const { quotaBytes } = mailbox
  return quotaBytes !== null && size > quotaBytes ? 'exceeds_quota' : checkQuota(mailbox, null)
}

/**
 * How a message stands to the mailboxes of all its copies, of which there is one at least. It fits when one of them has room: a full
 * mailbox must not refuse the copy of another, and what its recipient was promised at RCPT is kept although it goes beyond the quota.
 */
export function quotaOfCopies(verdicts: readonly QuotaVerdict[]): QuotaVerdict {
  if (verdicts.includes('fits')) return 'fits'
  return verdicts.includes('full') ? 'full' : 'exceeds_quota'
}
