import { lockUser, updateUserRow } from '@mairust/db/queries/user'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, updated } from '../../verb/index.ts'
import { toColumns, toUserWire } from '../user/internal.ts'
import { requireSelf } from './internal.ts'
import { updateAccountInput, accountSchema } from './schemas.ts'

/**
 * Changes the caller's own account.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateAccount = verb({
  permission: 'account:write',
  input: updateAccountInput,
  output: accountSchema,
  audit: { action: 'account.update', target: 'user' },
  notify: ['users'],
  run: (ctx, fields, commit) =>
    commit(async (tx) => {
      const before = await requireSelf(tx, ctx, lockUser)
      const after = orNotFound(
        await updateUserRow(tx, scopeOf(ctx), before.id, { ...toColumns(fields), updatedAt: ctx.now() }),
        'user',
      )
      return updated(toUserWire(before), toUserWire(after))
    }),
})
