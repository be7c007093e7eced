import type { MessageRow } from '@mairust/db/queries/message'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { showBody, type Shown } from '../../render/show.ts'
import { GRANT_MS } from '../../render/signature.ts'
import type { OpenedMessage } from '../../render/tasks.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMessage, toMessageWire } from './internal.ts'
import { type MessageDetailWire, messageIdInput } from './schemas.ts'
import { readStored } from './stored.ts'

const NOT_READ = 'The message could not be parsed within the time limit. Its source is complete.'
const UNCHECKED = { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' }

/**
 * A message with everything that its stored object says. A message that cannot be parsed has `parse_error` and what could still be
 * read.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof messageIdInput>
}): Promise<MessageDetailWire> => {
  requirePermission(ctx, 'message:read')
  const { id } = parseInput(messageIdInput, input)
  const row = await requireMessage(ctx.db, ctx, id)
  const [wire, opened] = await Promise.all([toMessageWire(ctx.db, row), openRow(ctx, row)])
  // Text alone is `text`: there is nothing to be made safe.
  const shown: Shown =
    opened !== null && (opened.html !== null || opened.htmlTooLarge)
      ? await showRow(ctx, row, opened)
      : { html: null, fallback: null, blockedImages: 0 }
  return {
    ...wire,
    cc: opened?.cc ?? [],
    bcc: opened?.bcc ?? [],
    reply_to: opened?.replyTo ?? [],
    message_id: opened?.messageId ?? row.messageIdHeader,
    in_reply_to: opened?.inReplyTo ?? null,
    references: opened?.references ?? [],
    headers: opened?.headers ?? [],
    text: opened?.text ?? null,
    html: shown.html,
    html_fallback: shown.fallback,
    blocked_images: shown.blockedImages,
    attachments: (opened?.attachments ?? []).map((attachment) => ({
      index: attachment.index,
      filename: attachment.filename,
      content_type: attachment.contentType,
      size: attachment.size,
      content_id: attachment.contentId,
      inline: attachment.inline,
    })),
    authentication: row.authentication ?? UNCHECKED,
    parse_error: opened === null ? NOT_READ : (row.parseError ?? opened.parseError),
    journey_id: row.journeyId,
  }
}

const openRow = async (ctx: ServiceContext, row: MessageRow): Promise<OpenedMessage | null> =>
  ctx.renderer.open(await readStored(ctx, row, (key) => ctx.blobs.read(key)))

const showRow = (ctx: ServiceContext, row: MessageRow, opened: OpenedMessage): Promise<Shown> =>
  showBody(ctx.renderer, opened, {
    key: ctx.keys.derive('render-signature'),
    grant: {
      tenantId: row.tenantId,
      userId: ctx.actor.userId ?? 'system',
      messageId: row.id,
      expires: new Date(ctx.now().getTime() + GRANT_MS),
    },
    remoteImages: false,
  })
