import type { Db } from '@mairust/db'
import { endApiKeysOfCreator } from '@mairust/db/queries/api-key'
import { endLogins } from '@mairust/db/queries/session'
import { lockUser, updateUserRow, type UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { emailDomain, requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import {
  emailTaken,
  requireOtherSuperAdmin,
  requireOwnDomain,
  requireUser,
  toColumns,
  toEmail,
  toPasswordHash,
  toUserWire,
} from './internal.ts'
import { claimLogin } from './claim-login.ts'
import { requireManaged } from './managed.ts'
import { updateUserInput, userSchema } from './schemas.ts'

/**
 * Changes a user. A new password, a new role or a suspension ends all their sessions; a new password also ends the keys they created.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT if the address is taken or no administrator would be left
 */
export const updateUser = verb({
  permission: 'user:write',
  input: updateUserInput,
  output: userSchema,
  audit: 'user.update',
  notify: ['users'],
  run: async (ctx, wanted, commit) => {
    const { id, password, email: newEmail } = wanted
    if (password !== undefined) requirePermission(ctx, 'user:password')
    await requireChangeable(ctx.db, ctx, await requireUser(ctx.db, ctx, 'user:write', id), wanted.role)
    const email = newEmail === undefined ? undefined : toEmail(newEmail)
    if (email !== undefined) requireOwnDomain(ctx, email)
    const passwordHash = password === undefined ? undefined : await toPasswordHash(ctx, password)
    return commit(async (tx) => {
      const before = await requireUser(tx, ctx, 'user:write', id, lockUser)
      await requireChangeable(tx, ctx, before, wanted.role)
      const { role = before.role, suspended = before.suspended } = wanted
      if (role !== 'super_admin' || suspended) await requireOtherSuperAdmin(tx, ctx, before)
      if (email !== undefined && email !== before.email) await claimLogin(tx, ctx, email)
      // A domain_admin administers the domain of the login; everybody's password can be set by the administrators of that domain.
      if (email !== undefined && emailDomain(email) !== emailDomain(before.email))
        requirePermission(ctx, 'user:promote')
      const change = { ...toColumns(wanted), email, passwordHash, updatedAt: ctx.now() }
      const after = orNotFound(await updateUserRow(tx, scopeOf(ctx), id, change), 'user')
      if (passwordHash !== undefined || role !== before.role || (suspended && !before.suspended)) {
        await endLogins(tx, scopeOf(ctx), id)
      }
      const reset =
        passwordHash === undefined
          ? {}
          : { password_changed: true, ended_api_keys: await endApiKeysOfCreator(tx, scopeOf(ctx), id, ctx.now()) }
      const wire = toUserWire(after)
      return recorded(wire, { targetId: id, before: toUserWire(before), after: { ...wire, ...reset } })
    }).catch(emailTaken)
  },
})

/** Refuses a user whom the actor does not manage, and a role that the actor may not grant. */
const requireChangeable = async (db: Db, ctx: ServiceContext, user: UserRow, role: Role = user.role): Promise<void> => {
  await requireManaged(db, ctx, user)
  if (role === user.role) return
  await requireManaged(db, ctx, { role })
  // A lower role opens the user's mail to other administrators.
  requirePermission(ctx, 'user:promote')
}
