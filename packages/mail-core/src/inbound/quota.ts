import type { MailboxFacts } from './directory.ts'

/** `exceeds_quota`: the message alone is larger than the quota, so retrying is pointless. */
export type QuotaVerdict = 'fits' | 'full' | 'exceeds_quota'
type Quota = Pick<MailboxFacts, 'quotaBytes' | 'usedBytes'>

/** Checks a message of `size` bytes (null: not announced) against a mailbox's quota at RCPT. */
export function checkQuota(mailbox: Quota, size: number | null): QuotaVerdict {
  const { quotaBytes, usedBytes } = mailbox
  if (quotaBytes === null) return 'fits'
  if (size !== null && size > quotaBytes) return 'exceeds_quota'
  return usedBytes >= quotaBytes || usedBytes + (size ?? 0) > quotaBytes ? 'full' : 'fits'
}

/**
 * Checks a received message of `size` bytes. It may overfill the mailbox: its sender announced no size, or other messages came
 * first, and a received message is not refused for that.
 */
export function quotaAtCommit(mailbox: Quota, size: number): QuotaVerdict {
  const { quotaBytes } = mailbox
  return quotaBytes !== null && size > quotaBytes ? 'exceeds_quota' : checkQuota(mailbox, null)
}

/**
 * Combines the verdicts for all copies of a message, at least one. It fits when one mailbox has room: a full mailbox must not
 * refuse another's copy, and a promise made at RCPT is kept even beyond the quota.
 */
export function quotaOfCopies(verdicts: readonly QuotaVerdict[]): QuotaVerdict {
  if (verdicts.includes('fits')) return 'fits'
  return verdicts.includes('full') ? 'full' : 'exceeds_quota'
}
