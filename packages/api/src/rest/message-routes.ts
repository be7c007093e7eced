import { imageType } from '../net/image-type.ts'
import { fileAnswer, safeType } from '../render/answers.ts'
import { firstBytes } from '../render/part.ts'
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
      const { open, size } = await getRawMessage({ ctx, input: { id: params['id'] ?? '' } })
      return fileAnswer(await open(), {
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
      const { open, size, filename, contentType } = await getAttachment({ ctx, input })
      const content = await open()
      // Shown only as a picture, and as the kind of picture that its bytes are.
      const picture = query.get('inline') === 'true' ? imageType(await firstBytes(content)) : null
      return fileAnswer(content, {
        name: filename,
        type: picture ?? safeType(contentType),
        size,
        inline: picture !== null,
      })
    },
  },
]
