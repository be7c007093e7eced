import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { ensureTags } from './ensure.ts'
import { toTagWire } from './internal.ts'
import { requireTagOwner } from './owner.ts'
import { createTagInput, type TagWire } from './schemas.ts'

/**
 * Adds a tag of the actor's, or of a mailbox's owner. Names of one owner differ in more than case.
 * @throws AppError FORBIDDEN, NOT_FOUND for the mailbox, VALIDATION_ERROR, CONFLICT when the name is taken
 */
export const createTag = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof createTagInput>
}): Promise<TagWire> => {
  requirePermission(ctx, 'tag:write')
  const { name, color, mailbox } = parseInput(createTagInput, input)
  const { ownerId } = await requireTagOwner(ctx, 'tag:write', mailbox)
  return ctx.db.transaction(async (tx) => {
    const [made] = (await ensureTags(tx, ctx, ownerId, [name], color)).made
    if (made === undefined) throw new AppError('CONFLICT', 'There is a tag of this name.')
    return toTagWire(made)
  })
}
