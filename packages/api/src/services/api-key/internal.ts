import type { Db } from '@mairust/db'
import { lockApiKey, type ApiKeyRow } from '@mairust/db/queries/api-key'
import { findOldestUser, findUser, lockUser, type UserRow } from '@mairust/db/queries/user'
import type { ApiKeyScope, Role } from '@mairust/db/schema'
import type { z } from 'zod'
import { accessScope, roleCovers, rolePermissions, scopePermissions } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, notFound, orNotFound } from '../../errors.ts'
import { wireTime, wireTimeOrNull } from '../../wire/index.ts'
import type { ApiKeyWire, createApiKeyInput } from './schemas.ts'

/** How long a key lives when nothing is said. */
export const DEFAULT_LIFE_MS = 365 * 86_400_000

/** The one place where a key's row becomes its wire form. */
export const toApiKeyWire = (row: ApiKeyRow): ApiKeyWire => ({
  id: row.id,
  name: row.name,
  prefix: `mk_live_${row.lookup}`,
  scopes: row.scopes.map((scope) =>
    scope.domains === undefined && scope.mailboxes === undefined ? scope.scope : scope,
  ),
  user_id: row.userId,
  created_by: row.createdBy,
  created_at: wireTime(row.createdAt),
  expires_at: wireTimeOrNull(row.expiresAt),
  last_used_at: wireTimeOrNull(row.lastUsedAt),
  last_used_ip: row.lastUsedIp,
})

/** Scopes as they are stored. */
export const toScopes = (given: z.output<typeof createApiKeyInput>['scopes']): ApiKeyScope[] =>
  given.map((scope) => (typeof scope === 'string' ? { scope } : scope))

/**
 * When a key ends: null for never, in 365 days when nothing is said.
 * @throws AppError VALIDATION_ERROR when that is past
 */
export const toExpiry = (wanted: string | null | undefined, now: Date): Date | null => {
  if (wanted === null) return null
  if (wanted === undefined) return new Date(now.getTime() + DEFAULT_LIFE_MS)
  const at = new Date(wanted)
  if (at <= now) throw invalidField('expires_at', 'must lie in the future')
  return at
}

/**
 * Whom a key acts for: the user named, else the actor, else (on the command line) the oldest super_admin; locked, so that they
 * are not removed until the end of the transaction.
 * @throws AppError VALIDATION_ERROR, FORBIDDEN when their role is above the actor's
 */
export const requireKeyOwner = async (tx: Db, ctx: ServiceContext, userId: string | undefined): Promise<UserRow> => {
  const wanted = userId ?? ctx.actor.userId ?? (await findOldestUser(tx, 'super_admin'))?.id
  const owner = wanted === undefined ? null : await lockUser(tx, scopeOf(ctx), wanted)
  if (owner === null) throw invalidField('user_id', 'is not a user of yours')
  if (!roleCovers(ctx.actor.role, owner.role)) {
    throw new AppError('FORBIDDEN', 'A key cannot act for somebody whose role is above yours.')
  }
  return owner
}

/**
 * Finds a key whose owner's role the actor covers, and locks it until the end of the transaction.
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
  if (!roleCovers(ctx.actor.role, owner.role)) throw notFound('API key')
  return { key, owner }
}

/**
 * Refuses scopes that would give a key what the actor does not hold, or holds for some mailboxes only.
 * @param role of the user the key acts for
 * @throws AppError FORBIDDEN
 */
export const requireHeld = (ctx: ServiceContext, scopes: readonly ApiKeyScope[], role: Role): void => {
  const ofOwner = rolePermissions(role)
  // Whoever makes keys holds this one un-narrowed.
  const whole = accessScope(ctx, 'api_key:write')
  const wanted = scopes.flatMap(scopePermissions).filter((permission) => ofOwner.has(permission))
  const missing = new Set(wanted.filter((permission) => accessScope(ctx, permission) !== whole))
  if (missing.size > 0) {
    const names = [...missing].join(', ')
    throw new AppError(
      'FORBIDDEN',
      `You do not hold ${names} yourself, or not for everything, so a key of yours cannot.`,
    )
  }
}
