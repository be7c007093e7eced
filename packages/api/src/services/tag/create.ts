import { createId, isUniqueViolation } from '@mairust/db'
import { insertTag } from '@mairust/db/queries/tag'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { DEFAULT_TAG_COLOR } from '../message/tags.ts'
import { tagsTopic, toTagWire } from './internal.ts'
import { createTagInput, type TagWire } from './schemas.ts'

/**
 * Adds a tag to the tenant. Names differ in more than case.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT when the name is taken
 */
export const createTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createTagInput>
}): Promise<TagWire> => {
  requirePermission(ctx, 'tag:write')
  const { name, color } = parseInput(createTagInput, input)
  const row = { id: createId('tag'), name, color: (color ?? DEFAULT_TAG_COLOR).toLowerCase(), createdAt: ctx.now() }
  return ctx.db
    .transaction(async (tx) => {
      await insertTag(tx, scopeOf(ctx), row)
      const wire = toTagWire(row)
      await writeAudit(tx, ctx, { action: 'tag.create', targetType: 'tag', targetId: row.id, after: wire })
      await ctx.changes.publish(tx, tagsTopic(ctx.actor.tenantId))
      return wire
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new AppError('CONFLICT', 'There is a tag of this name.', { cause: error })
      throw error
    })
}
