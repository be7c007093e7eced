import { findTag } from '@mairust/db/queries/tag'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toTagWire } from './internal.ts'
import { tagIdInput, type TagWire } from './schemas.ts'

/**
 * One tag.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof tagIdInput>
}): Promise<TagWire> => {
  requirePermission(ctx, 'tag:read')
  const { id } = parseInput(tagIdInput, input)
  return toTagWire(orNotFound(await findTag(ctx.db, scopeOf(ctx), id), 'tag'))
}
