import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { toUserWire } from '../user/internal.ts'
import { requireSelf } from './internal.ts'
import type { AccountWire } from './schemas.ts'

/**
 * One's own account.
 * @throws AppError FORBIDDEN, NOT_FOUND for the system itself
 */
export const getAccount = async ({ ctx }: { ctx: ServiceContext }): Promise<AccountWire> => {
  requirePermission(ctx, 'account:read')
  return toUserWire(await requireSelf(ctx.db, ctx))
}
