import type { MailboxFacts } from './directory.ts'

/** How a message of `size` bytes (null: not announced) stands to a mailbox's quota. */
export function checkQuota(
  mailbox: Pick<MailboxFacts, 'quotaBytes' | 'usedBytes'>,
  size: number | null,
): 'fits' | 'full' | 'exceeds_quota' {
  const { quotaBytes, usedBytes } = mailbox
  if (quotaBytes === null) return 'fits'
  if (size !== null && size > quotaBytes) return 'exceeds_quota'
  return usedBytes >= quotaBytes || usedBytes + (size ?? 0) > quotaBytes ? 'full' : 'fits'
}
