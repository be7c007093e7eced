import { imageType } from '@mairust/mail-core/message'
import { outsideTurn } from '../http/held-turn.ts'
import { safeType } from '../render/answers.ts'
import { firstBytes } from '../render/part.ts'
import { getAttachment, getRawMessage } from '../services/message/index.ts'
import type { RawRoute } from './raw-route.ts'

/** Enough bytes of an image to recognise its type. */
const SNIFF_BYTES = 4096

/** The routes of a message that do not answer with JSON: its source and its attachments. */
export const messageRoutes: readonly RawRoute[] = [
  {
    method: 'GET',
    pattern: '/messages/{id}/raw',
    verb: getRawMessage,
    tag: 'Messages',
    operationId: 'messages-raw',
    summary: 'Download a message exactly as it is stored',
    contentType: 'message/rfc822',
    open: async ({ ctx, params }) => ({
      ...(await getRawMessage(ctx, { id: params['id'] ?? '' })),
      name: `${params['id'] ?? 'message'}.eml`,
      type: 'message/rfc822',
    }),
  },
  {
    method: 'GET',
    pattern: '/messages/{id}/attachments/{n}',
    verb: getAttachment,
    tag: 'Messages',
    operationId: 'messages-attachment',
    summary: 'Download an attachment',
    query: { inline: 'Show it in the browser if it is an image.' },
    contentType: 'application/octet-stream',
    open: async ({ ctx, params, query }) => {
      const input = { id: params['id'] ?? '', n: params['n'] ?? '' }
      const found = await getAttachment(ctx, input)
      return {
        ...found,
        name: found.filename,
        type: safeType(found.contentType),
        // Only images are shown inline, with the type that their bytes show.
        shownAs: query.get('inline') === 'true' ? (signal) => imageTypeOf(found, signal) : undefined,
      }
    },
  },
]

/** The image type that the first bytes of an attachment show; null if it is not an image. */
const imageTypeOf = async (
  { size, open }: Awaited<ReturnType<typeof getAttachment>>,
  signal: AbortSignal,
): Promise<string | null> => {
  if (size === 0) return null
  const start = await outsideTurn(() => open({ start: 0, end: Math.min(size, SNIFF_BYTES) - 1 }, signal))
  try {
    return imageType(await firstBytes(start))
  } finally {
    start.destroy()
  }
}
