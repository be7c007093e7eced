import { createId } from '@mairust/db'
import { insertUser } from '@mairust/db/queries/user'
import { requirePermission } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb, created } from '../../verb/index.ts'
import { emailTaken, requireOwnDomain, toColumns, toEmail, toPasswordHash, toUserWire } from './internal.ts'
import { claimLogin } from './claim-login.ts'
import { requireManaged } from './managed.ts'
import { createUserInput, userSchema } from './schemas.ts'

/**
 * Adds a user, with the role `user` by default and without a mailbox.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT if the email address is taken
 */
export const createUser = verb({
  permission: 'user:write',
  input: createUserInput,
  output: userSchema,
  audit: 'user.create',
  notify: ['users'],
  run: async (ctx, wanted, commit) => {
    const { password, role = 'user' } = wanted
    const email = toEmail(wanted.email)
    requireOwnDomain(ctx, email)
    if (role !== 'user') requirePermission(ctx, 'user:promote')
    if (password !== undefined) requirePermission(ctx, 'user:password')
    await requireManaged(ctx.db, ctx, { role })
    const passwordHash = password === undefined ? null : await toPasswordHash(ctx, password)
    const row = {
      ...toColumns(wanted),
      id: createId('usr'),
      email,
      role,
      passwordHash,
      createdAt: ctx.now(),
    }
    return commit(async (tx) => {
      await claimLogin(tx, ctx, email)
      return created(toUserWire(await insertUser(tx, scopeOf(ctx), row)))
    }).catch(emailTaken)
  },
})
