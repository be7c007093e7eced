import { listUserRows } from '@mairust/db/queries/user'
import { z } from 'zod'
import { accessScope } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toUserWire } from './internal.ts'
import { listUsersInput, userSchema } from './schemas.ts'

const cursorSchema = z.tuple([id('usr')])

/**
 * Users, oldest first. `q` matches part of an email address or a name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listUsers = verb({
  permission: 'user:read',
  input: listUsersInput,
  output: listOutput(userSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor, q, role }) => {
    const rows = await listUserRows(ctx.db, scopeOf(ctx), {
      limit: limit + 1,
      after: decodeCursor(cursorSchema, cursor)?.[0],
      contains: q,
      role,
      emailDomains: accessScope(ctx, 'user:read').userDomains,
    })
    return toPage(rows, limit, toUserWire, (row) => [row.id])
  },
})
