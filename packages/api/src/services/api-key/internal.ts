import type { Db } from '@mairust/db'
import { lockApiKey, type ApiKeyRow } from '@mairust/db/queries/api-key'
import { findOldestUser, findUser, findUsers, lockUser, type UserRow } from '@mairust/db/queries/user'
import type { ApiKeyScope, Role } from '@mairust/db/schema'
import type { z } from 'zod'
import { accessScope, isNarrowed, lowerRole, rolePermissions, scopePermissions } from '../../access/index.ts'
import { keyStanding } from '../../auth/key-standing.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, notFound, orNotFound } from '../../errors.ts'
import { wireTime, wireTimeOrNull, type Columns } from '../../wire/index.ts'
import { manages, requireManaged } from '../user/managed.ts'
import type { ApiKeyFields, ApiKeyWire, createApiKeyInput } from './schemas.ts'

/** How long a key lives by default. */
const DEFAULT_LIFE_MS = 365 * 86_400_000

/** The one place where keys' rows become their wire form. It reads their users and creators for all keys at once. */
export const toApiKeyWires = async (db: Db, ctx: ServiceContext, rows: readonly ApiKeyRow[]): Promise<ApiKeyWire[]> => {
  const ids = rows.flatMap(({ userId, createdBy }) => [userId, createdBy]).filter((id) => id !== null)
  const users = new Map((await findUsers(db, scopeOf(ctx), [...new Set(ids)])).map((user) => [user.id, user]))
  return rows.map((row) => {
    const user = orNotFound(users.get(row.userId), 'API key')
    const maker = row.createdBy === null ? null : (users.get(row.createdBy) ?? null)
    const { status, reason } = keyStanding(row, { user, maker }, ctx.now())
    return {
      id: row.id,
      name: row.name,
      prefix: `mk_live_${row.lookup}`,
      scopes: row.scopes.map((scope) => (isNarrowed(scope) ? scope : scope.scope)),
      user_id: row.userId,
      created_by: row.createdBy,
      status,
      status_reason: reason,
      created_at: wireTime(row.createdAt),
      expires_at: wireTimeOrNull(row.expiresAt),
      last_used_at: wireTimeOrNull(row.lastUsedAt),
      last_used_ip: row.lastUsedIp,
    }
  })
}

/** The columns that are stored as given, for a new key and for a change. */
export const toColumns = (given: ApiKeyFields): Columns<ApiKeyRow, ApiKeyFields, 'scopes' | 'expires_at'> => ({
  name: given.name,
})

/** One key's wire form. */
export const toApiKeyWire = async (db: Db, ctx: ServiceContext, row: ApiKeyRow): Promise<ApiKeyWire> => {
  const [wire] = await toApiKeyWires(db, ctx, [row])
  return orNotFound(wire, 'API key')
}

/**
 * Columns that make the actor the one who vouches for a key of `owner`, from now on. A key that somebody else made depends on its user
 * too; one that it made for a third user would not, and would outlive them.
 * @throws AppError FORBIDDEN
 */
export const vouching = (
  { actor }: ServiceContext,
  owner: UserRow,
): Pick<ApiKeyRow, 'createdBy' | 'madeAs' | 'endedAt'> => {
  if (actor.voucherId !== actor.userId && owner.id !== actor.userId) {
    throw new AppError(
      'FORBIDDEN',
      'The key that you use was made by another user: with it, only keys of your own can be made and rotated.',
    )
  }
  return { createdBy: actor.voucherId, madeAs: lowerRole(actor.role, owner.role), endedAt: null }
}

/** Scopes in their stored form. */
export const toScopes = (given: z.output<typeof createApiKeyInput>['scopes']): ApiKeyScope[] =>
  given.map((scope) => (typeof scope === 'string' ? { scope } : scope))

/**
 * When a key expires: null for never, in 365 days by default, but not after the key that makes or changes it.
 * @throws AppError VALIDATION_ERROR if that time has passed, or is after the end of the actor
 */
export const toExpiry = ({ actor, now }: ServiceContext, wanted: string | null | undefined): Date | null => {
  const { endsAt } = actor
  if (wanted === undefined) {
    const usual = new Date(now().getTime() + DEFAULT_LIFE_MS)
    return endsAt !== null && endsAt < usual ? endsAt : usual
  }
  const at = wanted === null ? null : new Date(wanted)
  if (at !== null && at <= now()) throw invalidField('expires_at', 'must be in the future')
  if (endsAt !== null && (at === null || at > endsAt)) {
    throw invalidField('expires_at', `must not be after ${wireTime(endsAt)}, when the key that you use expires`)
  }
  return at
}

/**
 * Refuses to give a new secret or other scopes to a key that would outlive the one that the actor uses.
 * @param expiresAt when the changed key will expire
 * @throws AppError FORBIDDEN
 */
export const requireOutliving = ({ actor: { endsAt } }: ServiceContext, expiresAt: Date | null): void => {
  if (endsAt === null || (expiresAt !== null && expiresAt <= endsAt)) return
  throw new AppError(
    'FORBIDDEN',
    `The key that you use expires at ${wireTime(endsAt)}: it cannot change one that lasts longer.`,
  )
}

/**
 * The user that a key acts for: the given one, else the actor, else (on the command line) the oldest super_admin. The lock keeps the
 * user from being removed until the end of the transaction.
 * @throws AppError VALIDATION_ERROR, FORBIDDEN if the actor does not manage the user
 */
export const requireKeyOwner = async (tx: Db, ctx: ServiceContext, userId: string | undefined): Promise<UserRow> => {
  const wanted = userId ?? ctx.actor.userId ?? (await findOldestUser(tx, 'super_admin'))?.id
  const owner = wanted === undefined ? null : await lockUser(tx, scopeOf(ctx), wanted)
  if (owner === null) throw invalidField('user_id', 'is not one of your users')
  await requireManaged(tx, ctx, owner)
  return owner
}

/**
 * Finds a key of a user that the actor manages, and locks it until the end of the transaction.
 * @returns the key and the user it acts for
 * @throws AppError NOT_FOUND
 */
export const lockCoveredKey = async (
  tx: Db,
  ctx: ServiceContext,
  id: string,
): Promise<{ key: ApiKeyRow; owner: UserRow }> => {
  const key = orNotFound(await lockApiKey(tx, scopeOf(ctx), id), 'API key')
  const owner = orNotFound(await findUser(tx, scopeOf(ctx), key.userId), 'API key')
  if (!(await manages(tx, ctx, owner))) throw notFound('API key')
  return { key, owner }
}

/**
 * Refuses scopes that would give a key permissions that the actor does not have, or has only for some mailboxes.
 * @param role role of the user that the key acts for
 * @throws AppError FORBIDDEN
 */
export const requireGrantable = (ctx: ServiceContext, scopes: readonly ApiKeyScope[], role: Role): void => {
  const ofOwner = rolePermissions(role)
  // The scope of the whole tenant: nobody has this permission for less.
  const whole = accessScope(ctx, 'api_key:write')
  const wanted = scopes
    .flatMap((scope) => scopePermissions(scope, scopes))
    .filter((permission) => ofOwner.has(permission))
  const missing = new Set(wanted.filter((permission) => accessScope(ctx, permission) !== whole))
  if (missing.size > 0) {
    const names = [...missing].join(', ')
    throw new AppError(
      'FORBIDDEN',
      `A key cannot have permissions that you do not have yourself, unrestricted: ${names}.`,
    )
  }
}
