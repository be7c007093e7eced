import { createId, tenantTopic } from '@mairust/db'
import { insertUser } from '@mairust/db/queries/user'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { emailTaken, requireOwnDomain, toEmail, toPasswordHash, toUserWire } from './internal.ts'
import { claimLogin } from './claim-login.ts'
import { requireManaged } from './managed.ts'
import { createUserInput, type UserWire } from './schemas.ts'

/**
 * Adds a user, with role `user` unless said. No mailbox is made.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT when the email address is taken
 */
export const createUser = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createUserInput>
}): Promise<UserWire> => {
  requirePermission(ctx, 'user:write')
  const { email: given, password, name = '', role = 'user' } = parseInput(createUserInput, input)
  const email = toEmail(given)
  requireOwnDomain(ctx, email)
  if (role !== 'user') requirePermission(ctx, 'user:promote')
  if (password !== undefined) requirePermission(ctx, 'user:password')
  await requireManaged(ctx.db, ctx, { role })
  const now = ctx.now()
  const passwordHash = password === undefined ? null : await toPasswordHash(ctx, password)
  const row = { id: createId('usr'), email, name, role, passwordHash, suspended: false, createdAt: now, updatedAt: now }
  return ctx.db
    .transaction(async (tx) => {
      await claimLogin(tx, ctx, email)
      const wire = toUserWire(await insertUser(tx, scopeOf(ctx), row))
      await writeAudit(tx, ctx, { action: 'user.create', targetType: 'user', targetId: row.id, after: wire })
      await ctx.changes.publish(tx, tenantTopic('users', ctx.actor.tenantId))
      return wire
    })
    .catch(emailTaken)
}
