import { isUniqueViolation } from '@mairust/db'
import { deleteSessionsOfUser } from '@mairust/db/queries/session'
import { updateUserRow, type UserRow } from '@mairust/db/queries/user'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import {
  requireOtherSuperAdmin,
  requireOwnDomain,
  requireRole,
  requireUser,
  toEmail,
  toPasswordHash,
  toUserWire,
  USERS_TOPIC,
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
  const { id, password, email, ...changes } = parseInput(updateUserInput, input)
  requireRole(ctx, (await requireUser(ctx.db, ctx, id)).role)
  if (changes.role !== undefined) requireRole(ctx, changes.role)
  const newEmail = email === undefined ? undefined : toEmail(email)
  if (newEmail !== undefined) requireOwnDomain(ctx, newEmail)
  const passwordHash = password === undefined ? undefined : await toPasswordHash(ctx, password)
  return ctx.db
    .transaction(async (tx) => {
      const before = await requireUser(tx, ctx, id)
      requireRole(ctx, before.role)
      const after: UserRow = {
        ...before,
        email: newEmail ?? before.email,
        passwordHash: passwordHash ?? before.passwordHash,
        name: changes.name ?? before.name,
        role: changes.role ?? before.role,
        suspended: changes.suspended ?? before.suspended,
        updatedAt: ctx.now(),
      }
      if (after.role !== 'super_admin' || after.suspended) await requireOtherSuperAdmin(tx, ctx, before)
      await updateUserRow(tx, scopeOf(ctx), id, after)
      if (passwordHash !== undefined || after.role !== before.role || (after.suspended && !before.suspended)) {
        await deleteSessionsOfUser(tx, scopeOf(ctx), id)
      }
      await writeAudit(tx, ctx, {
        action: 'user.update',
        targetType: 'user',
        targetId: id,
        before: toUserWire(before),
        after: { ...toUserWire(after), ...(passwordHash === undefined ? {} : { password_changed: true }) },
      })
      await ctx.changes.publish(tx, USERS_TOPIC)
      return toUserWire(after)
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new AppError('CONFLICT', 'This email address is taken.', { cause: error })
      throw error
    })
}
