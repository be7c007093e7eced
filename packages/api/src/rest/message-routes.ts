import { imageType } from '@mairust/mail-core/message'
import { safeType } from '../render/answers.ts'
import { firstBytes } from '../render/part.ts'
import { getAttachment, getRawMessage } from '../services/message/index.ts'
import type { RawRoute } from './raw-route.ts'

/** As much of a picture as says of which kind it is. */
const PICTURE_BYTES = 4096

/** What of a message is not JSON: its source and its attachments. */
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
      // Shown only as a picture, and as the kind of picture that its bytes are.
      const picture = query.get('inline') === 'true' ? await pictureType(found) : null
      return { ...found, name: found.filename, type: picture ?? safeType(found.contentType), inline: picture !== null }
    },
  },
]

/** The kind of picture that the first bytes of an attachment are; null for anything else. */
const pictureType = async ({ size, open }: Awaited<ReturnType<typeof getAttachment>>): Promise<string | null> => {
  if (size === 0) return null
  const start = await open({ start: 0, end: Math.min(size, PICTURE_BYTES) - 1 })
  try {
    return imageType(await firstBytes(start))
  } finally {
    start.destroy()
  }
}
