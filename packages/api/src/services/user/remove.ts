import { deleteApiKeysOfUser, findApiKeysMadeForOthers } from '@mairust/db/queries/api-key'
import { unassignMailboxes } from '@mairust/db/queries/mailbox'
import { deleteUserRow, lockUser } from '@mairust/db/queries/user'
import { requirePermission } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb, removed } from '../../verb/index.ts'
import { removalSchema } from '../../wire/index.ts'
import { requireOtherSuperAdmin, requireUser, toUserWire } from './internal.ts'
import { requireManaged } from './managed.ts'
import { userIdInput } from './schemas.ts'

/**
 * Removes a user with their sessions and API keys. Keys that they created for others end. Their mailboxes stay, without an owner,
 * because removing an account must not lose mail. The audit entry lists all of these.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT for the last administrator
 */
export const removeUser = verb({
  permission: 'user:write',
  input: userIdInput,
  output: removalSchema,
  audit: 'user.delete',
  notify: ['users', 'tags'],
  run: (ctx, { id }, commit) =>
    commit(async (tx) => {
      const scope = scopeOf(ctx)
      const user = await requireUser(tx, ctx, 'user:write', id, lockUser)
      await requireManaged(tx, ctx, user)
      // Without an owner, an administrator's mail is open to administrators of a lower role.
      if (user.role !== 'user') requirePermission(ctx, 'user:promote')
      await requireOtherSuperAdmin(tx, ctx, user)
      const before = {
        ...toUserWire(user),
        mailbox_ids: await unassignMailboxes(tx, scope, id, ctx.now()),
        api_key_ids: await deleteApiKeysOfUser(tx, scope, id),
        // They end: nobody vouches for them any more.
        api_key_ids_made_for_others: await findApiKeysMadeForOthers(tx, scope, id),
      }
      await deleteUserRow(tx, scope, id)
      return removed(before)
    }),
})
