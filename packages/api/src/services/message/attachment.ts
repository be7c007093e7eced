import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import type { OpenedAttachment } from '../../render/tasks.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMessage } from './internal.ts'
import { attachmentInput } from './schemas.ts'
import { readStored } from './stored.ts'

/**
 * One attachment of a message, decoded.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getAttachment = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof attachmentInput>
}): Promise<OpenedAttachment> => {
  requirePermission(ctx, 'message:read')
  const { id, n } = parseInput(attachmentInput, input)
  const row = await requireMessage(ctx.db, ctx, id)
  const raw = await readStored(ctx, row, (key) => ctx.blobs.read(key))
  const found = await ctx.renderer.attachment(raw, Number(n))
  if (found === null) throw notFound('attachment')
  return found
}
