import type { Db } from '@mairust/db'
import { lockTenant } from '@mairust/db/queries/tenant'
import { countActiveUsers, findUser, type UserRow } from '@mairust/db/queries/user'
import { addressKey, parseAddress } from '@mairust/mail-core/address'
import { accessScope, emailDomain, scopeHoldsUser } from '../../access/index.ts'
import { checkPassword } from '../../auth/password-policy.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, orNotFound } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { wireTime, type Columns } from '../../wire/index.ts'
import type { UserFields, UserWire } from './schemas.ts'

/** The one place where a user's row becomes its wire form. */
export const toUserWire = (row: UserRow): UserWire => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  suspended: row.suspended,
  created_at: wireTime(row.createdAt),
})

/** The columns that are stored as given, for a new user and for a change. */
export const toColumns = (given: UserFields): Columns<UserRow, UserFields, 'email' | 'password'> => ({
  name: given.name,
  role: given.role,
  suspended: given.suspended,
})

/**
 * A login name in its stored form.
 * @throws AppError VALIDATION_ERROR
 */
export const toEmail = (text: string): string => {
  const parsed = parseAddress(text.trim())
  if (!parsed.ok || parsed.value.literal) throw invalidField('email', 'must be an email address')
  return addressKey(parsed.value)
}

/**
 * Checks and hashes a new password.
 * @throws AppError VALIDATION_ERROR if the password is too weak, UNAVAILABLE if too many are hashed at once
 */
export const toPasswordHash = (ctx: Pick<ServiceContext, 'passwords'>, password: string): Promise<string> => {
  const problem = checkPassword(password)
  if (problem !== null) throw invalidField('password', problem)
  return ctx.passwords.hash(password)
}

/**
 * Refuses an email address in a domain whose users the actor does not manage.
 * @throws AppError FORBIDDEN
 */
export const requireOwnDomain = (ctx: ServiceContext, email: string): void => {
  if (scopeHoldsUser(accessScope(ctx, 'user:write'), email)) return
  throw new AppError('FORBIDDEN', `You do not manage the users of ${emailDomain(email)}.`)
}

/**
 * The user with this id, or null if the actor sees no such user.
 * @param find `lockUser` before a change that depends on the user
 */
export const findVisibleUser = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'user:read' | 'user:write',
  id: string,
  find: typeof findUser = findUser,
): Promise<UserRow | null> => {
  const row = await find(db, scopeOf(ctx), id)
  return row !== null && scopeHoldsUser(accessScope(ctx, permission), row.email) ? row : null
}

/**
 * Finds a user the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireUser = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'user:read' | 'user:write',
  id: string,
  find = findUser,
): Promise<UserRow> => orNotFound(await findVisibleUser(db, ctx, permission, id, find), 'user')

/** For `catch`: CONFLICT if an email address is taken. */
export const emailTaken = onTaken('This email address is taken.')

/**
 * Refuses a change that would leave the tenant without a super_admin. It locks the tenant, so that two such changes cannot succeed
 * together.
 * @throws AppError CONFLICT
 */
export const requireOtherSuperAdmin = async (tx: Db, ctx: ServiceContext, leaving: UserRow): Promise<void> => {
  if (leaving.role !== 'super_admin' || leaving.suspended) return
  await lockTenant(tx, scopeOf(ctx))
  const others = await countActiveUsers(tx, scopeOf(ctx), { role: 'super_admin', exceptId: leaving.id })
  if (others === 0) throw new AppError('CONFLICT', 'This is the last administrator. Create another one first.')
}
