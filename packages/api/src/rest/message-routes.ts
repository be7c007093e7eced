import { Readable } from 'node:stream'
import { imageType } from '../net/image-type.ts'
import { fileAnswer, safeType } from '../render/answers.ts'
import { getAttachment, getRawMessage } from '../services/message/index.ts'
import type { RawRoute } from './raw-route.ts'

/** What of a message is not JSON: its source and its attachments. */
export const messageRoutes: readonly RawRoute[] = [
  {
    method: 'GET',
    pattern: '/messages/{id}/raw',
    permission: 'message:read',
    tag: 'Messages',
    summary: 'Download a message exactly as it is stored',
    contentType: 'message/rfc822',
    handle: async ({ ctx, params }) => {
      const { content, size } = await getRawMessage({ ctx, input: { id: params['id'] ?? '' } })
      return fileAnswer(Readable.toWeb(content) as ReadableStream, {
        name: `${params['id'] ?? 'message'}.eml`,
        type: 'message/rfc822',
        size,
      })
    },
  },
  {
    method: 'GET',
    pattern: '/messages/{id}/attachments/{n}',
    permission: 'message:read',
    tag: 'Messages',
    summary: 'Download an attachment',
    contentType: 'application/octet-stream',
    handle: async ({ ctx, params, query }) => {
      const input = { id: params['id'] ?? '', n: params['n'] ?? '' }
      const { content, filename, contentType } = await getAttachment({ ctx, input })
      // Shown only as a picture, and as the kind of picture that its bytes are.
      const picture = query.get('inline') === 'true' ? imageType(content) : null
      return fileAnswer(new Uint8Array(content), {
        name: filename,
        type: picture ?? safeType(contentType),
        size: content.byteLength,
        inline: picture !== null,
      })
    },
  },
]
