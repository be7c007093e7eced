import { deleteSessionsOfUser } from '@mairust/db/queries/session'
import { lockUser, updateUserRow } from '@mairust/db/queries/user'
import type { z } from 'zod'
import { requirePermission, requireRole } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import {
  emailTaken,
  requireOtherSuperAdmin,
  requireOwnDomain,
  requireUser,
  toEmail,
  toPasswordHash,
  toUserWire,
} from './internal.ts'
import { updateUserInput, type UserWire } from './schemas.ts'

/**
 * Changes a user. A new password, a new role and a suspension end all their sessions.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the address is taken or the last administrator would go
 */
export const updateUser = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateUserInput>
}): Promise<UserWire> => {
  requirePermission(ctx, 'user:write')
  const { id, password, email: newEmail, ...fields } = parseInput(updateUserInput, input)
  requireRole(ctx, (await requireUser(ctx.db, ctx, 'user:write', id)).role)
  if (fields.role !== undefined) requireRole(ctx, fields.role)
  const email = newEmail === undefined ? undefined : toEmail(newEmail)
  if (email !== undefined) requireOwnDomain(ctx, email)
  const passwordHash = password === undefined ? undefined : await toPasswordHash(ctx, password)
  return ctx.db
    .transaction(async (tx) => {
      const before = await requireUser(tx, ctx, 'user:write', id, lockUser)
      requireRole(ctx, before.role)
      const { role = before.role, suspended = before.suspended } = fields
      if (role !== 'super_admin' || suspended) await requireOtherSuperAdmin(tx, ctx, before)
      const change = { ...fields, email, passwordHash, updatedAt: ctx.now() }
      const after = orNotFound(await updateUserRow(tx, scopeOf(ctx), id, change), 'user')
      if (passwordHash !== undefined || role !== before.role || (suspended && !before.suspended)) {
        await deleteSessionsOfUser(tx, scopeOf(ctx), id)
      }
      await writeAudit(tx, ctx, {
        action: 'user.update',
        targetType: 'user',
        targetId: id,
        before: toUserWire(before),
        after: { ...toUserWire(after), ...(passwordHash === undefined ? {} : { password_changed: true }) },
      })
      await ctx.changes.publish(tx, 'users')
      return toUserWire(after)
    })
    .catch(emailTaken)
}
