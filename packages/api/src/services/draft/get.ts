import type { ServiceContext } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { readerOf } from '../message/internal.ts'
import { noteReading } from '../message/reading.ts'
import { readStored, SavedAnewError } from '../message/stored.ts'
import { requireDraft, toDraftWire } from './internal.ts'
import { draftIdInput, draftSchema, type DraftWire } from './schemas.ts'

/**
 * A draft with all that is needed to go on writing it. One that cannot be parsed has `parse_error` and what could still be read.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getDraft = verb({
  permission: 'message:read',
  input: draftIdInput,
  output: draftSchema,
  run: async (ctx, { id }) => {
    const read = () => readDraft(ctx, id)
    return read().catch((error: unknown) => {
      if (error instanceof SavedAnewError) return read()
      throw error
    })
  },
})

const readDraft = async (ctx: ServiceContext, id: string): Promise<DraftWire> => {
  const row = await requireDraft(ctx, id, 'message:read')
  await noteReading(ctx.db, ctx, [row.mailboxId])
  return toDraftWire(ctx.db, row, await readStored(ctx, row, () => ctx.renderer.open(row, readerOf(ctx))))
}
