import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import type { UserRow } from '@mairust/db/queries/user'
import { lowerRole } from '../access/index.ts'

/** The users that a key depends on: the one it acts for, and its maker; null if the maker is gone, or was the command line. */
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

/** The current status of a key, and why it differs from when it was made. */
export interface KeyStanding {
  status: (typeof KEY_STATUSES)[number]
  reason: (typeof KEY_REASONS)[number] | null
}

/** A key never has more permissions than its user and its maker have now. */
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

/** The error for a caller that has the secret of a key that has ended. */
export const ENDED: Record<NonNullable<KeyStanding['reason']>, string> = {
  expired: 'This API key has expired.',
  password_reset: 'This API key has ended: the password of its creator has changed. Ask an administrator to rotate it.',
  user_suspended: 'This API key is not valid while its user is suspended.',
  maker_removed: 'This API key has ended: its creator has been removed. Ask an administrator to rotate it.',
  maker_suspended: 'This API key is not valid while its creator is suspended.',
  role_lost: '',
}
