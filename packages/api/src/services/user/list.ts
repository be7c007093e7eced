import { listUserRows } from '@mairust/db/queries/user'
import { z } from 'zod'
import { accessScope, requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, id, parseInput, toPage, type Page } from '../../wire/index.ts'
import { toUserWire } from './internal.ts'
import { listUsersInput, type UserWire } from './schemas.ts'

const cursorSchema = z.tuple([id('usr')])

/**
 * Users, oldest first. `q` finds part of an email address or a name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listUsers = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listUsersInput>
}): Promise<Page<UserWire>> => {
  requirePermission(ctx, 'user:read')
  const { limit = DEFAULT_LIMIT, cursor, q, role } = parseInput(listUsersInput, input)
  const rows = await listUserRows(ctx.db, scopeOf(ctx), {
    limit: limit + 1,
    after: decodeCursor(cursorSchema, cursor)?.[0],
    contains: q,
    role,
    emailDomains: accessScope(ctx, 'user:read').userDomains,
  })
  return toPage(rows, limit, toUserWire, (row) => [row.id])
}
