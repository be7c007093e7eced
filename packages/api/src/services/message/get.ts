import type { MessageRow } from '@mairust/db/queries/message'
import type { ServiceContext } from '../../context.ts'
import type { View } from '../../render/show.ts'
import { GRANT_MS } from '../../render/signature.ts'
import { verb } from '../../verb/index.ts'
import { requireMessage, toMessageWire, readerOf } from './internal.ts'
import { openedFields } from './opened.ts'
import { noteReading } from './reading.ts'
import { messageIdInput, messageDetailSchema } from './schemas.ts'
import { readStored } from './stored.ts'

const NOTHING = { opened: null, shown: null }
const UNCHECKED: NonNullable<MessageRow['authentication']> = { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' }

function toAuthenticationWire(stored: MessageRow['authentication']) {
  const { junkReason = null, checks = [], ...results } = stored ?? UNCHECKED
  return { ...results, junk_reason: junkReason, checks: [...checks] }
}

/**
 * A message with the content of its stored object. A message that cannot be parsed has `parse_error`, and what could be read of it.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getMessage = verb({
  permission: 'message:read',
  input: messageIdInput,
  output: messageDetailSchema,
  run: async (ctx, { id }) => {
    const row = await requireMessage(ctx.db, ctx, id)
    await noteReading(ctx.db, ctx, [row.mailboxId])
    const [wire, view] = await Promise.all([toMessageWire(ctx.db, row), showRow(ctx, row)])
    const { opened, shown } = view ?? NOTHING
    const fields = openedFields(row, opened, 'message')
    return {
      ...wire,
      ...fields,
      // A row keeps only the first.
      to: opened?.to ?? wire.to,
      headers: opened?.headers ?? [],
      text: opened?.text ?? null,
      html: shown?.html ?? null,
      html_fallback: shown?.fallback ?? null,
      blocked_images: shown?.blockedImages ?? 0,
      // If the text replaces the HTML, its inline images are not shown.
      attachments: fields.attachments.map((file) => ({
        ...file,
        inline: file.inline && (shown?.fallback ?? null) === null,
      })),
      authentication: toAuthenticationWire(row.authentication),
    }
  },
})

/** Renders only HTML: plain text is returned as `text`, and needs no sanitising. */
const showRow = (ctx: ServiceContext, row: MessageRow): Promise<View | null> =>
  readStored(ctx, row, () =>
    ctx.renderer.show(row, {
      key: ctx.keys.derive('render-signature'),
      grant: { ...readerOf(ctx), messageId: row.id, expires: new Date(ctx.now().getTime() + GRANT_MS) },
      remoteImages: false,
      textAsHtml: false,
    }),
  )
