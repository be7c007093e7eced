import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireUser, toUserWire } from './internal.ts'
import { userIdInput, type UserWire } from './schemas.ts'

/**
 * One user.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getUser = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof userIdInput>
}): Promise<UserWire> => {
  requirePermission(ctx, 'user:read')
  const { id } = parseInput(userIdInput, input)
  return toUserWire(await requireUser(ctx.db, ctx, 'user:read', id))
}
