import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import type { UserRow } from '@mairust/db/queries/user'
import { lowerRole } from '../access/index.ts'

/** What a key hangs on: whom it acts for, and who made it; null when the maker is gone, or was the command line. */
export interface KeyHolders {
  readonly user: UserRow
  readonly maker: UserRow | null
}

export const KEY_STATUSES = ['active', 'reduced', 'ended'] as const
export const KEY_REASONS = [
  'expired',
  'password_reset',
  'user_suspended',
  'maker_removed',
  'maker_suspended',
  'role_lost',
] as const

/** How a key stands now, and why it is not as it was made. */
export interface KeyStanding {
  status: (typeof KEY_STATUSES)[number]
  reason: (typeof KEY_REASONS)[number] | null
}

/** A key never holds more than its user and its maker hold now. */
export const keyStanding = (key: ApiKeyRow, { user, maker }: KeyHolders, now: Date): KeyStanding => {
  if (key.endedAt !== null) return { status: 'ended', reason: 'password_reset' }
  if (key.expiresAt !== null && key.expiresAt <= now) return { status: 'ended', reason: 'expired' }
  if (user.suspended) return { status: 'ended', reason: 'user_suspended' }
  if (key.createdBy !== null && maker === null) return { status: 'ended', reason: 'maker_removed' }
  if (maker?.suspended === true) return { status: 'ended', reason: 'maker_suspended' }
  const role = lowerRole(user.role, maker?.role ?? user.role)
  if (key.madeAs !== null && role !== key.madeAs && lowerRole(role, key.madeAs) === role) {
    return { status: 'reduced', reason: 'role_lost' }
  }
  return { status: 'active', reason: null }
}

/** What whoever holds the key's secret is told when it has ended. */
export const ENDED: Record<NonNullable<KeyStanding['reason']>, string> = {
  expired: 'This API key has expired.',
  password_reset: 'This API key has ended: the password of whoever made it has been changed. Have it rotated.',
  user_suspended: 'This API key is not valid while its user is suspended.',
  maker_removed: 'This API key has ended: whoever made it is gone. Have it rotated.',
  maker_suspended: 'This API key is not valid while whoever made it is suspended.',
  role_lost: '',
}
