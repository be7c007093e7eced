import {
  type AttachmentInfo,
  decodingPoints,
  htmlToText,
  longFields,
  meaningsOfContentId,
  parseMessage,
  SHOWN,
  shownStart,
  shownSummary,
} from '@mairust/mail-core/message'
import { sanitizeMail } from './sanitize/sanitize.ts'
import { textToHtml } from './sanitize/text-view.ts'
import { signTarget } from './signature.ts'
import type { OpenedMessage, RenderResult, RenderTask, SanitizeInput, SanitizeResult } from './tasks.ts'

/** Signed URLs and the labels of links make HTML longer, that of mail hardly twice as long. */
const MAX_SANITIZED = 4 * SHOWN.characters

/** Does one task of the renderer; runs in the worker. */
export function runTask(task: RenderTask): RenderResult {
  switch (task.kind) {
    case 'parse':
      return openMessage(asBuffer(task.raw))
    case 'sanitize':
      return sanitize(task)
    case 'text':
      return textView(task.format === 'html' ? htmlToText(task.content) : task.content)
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function openMessage(raw: Buffer): OpenedMessage {
  const parsed = parseMessage(raw)
  const { headers, text, html, reason } = parsed
  const truncated = longFields(parsed)
  const htmlTooLarge = truncated.includes('html')
  const isReplaced = htmlTooLarge && text === null
  return {
    ...shownSummary(parsed.index),
    headers: headers.map(({ name, value }) => ({ name, value })),
    text: isReplaced ? htmlToText(html ?? '') : text && shownStart(text),
    html: htmlTooLarge ? null : html,
    // The text of HTML that is too long is the text of its start.
    truncated: isReplaced ? ['text', ...truncated] : truncated,
    parseError: reason,
    points: pointsOf(raw, parsed.index.attachments),
  }
}

/** Files in the same part, those of a `winmail.dat`, share its points. */
function pointsOf(raw: Buffer, attachments: readonly AttachmentInfo[]): OpenedMessage['points'] {
  const places = new Map(attachments.map(({ place }) => [place.start, place]))
  const points = [...places.values()].map((place) => [place.start, decodingPoints(raw, place)] as const)
  return new Map(points.filter(([, found]) => found.length > 0))
}

function sanitize({ html, grant, signingKey, parts, remoteImages }: SanitizeInput): SanitizeResult {
  const key = asBuffer(signingKey)
  // An id as it is written wins over one that only means the same.
  const byContentId = new Map([
    ...parts.flatMap(({ contentId, index }) =>
      meaningsOfContentId(contentId).map((id): [string, number] => [id, index]),
    ),
    ...parts.map(({ contentId, index }): [string, number] => [contentId, index]),
  ])
  const sanitized = sanitizeMail(html, {
    cid: (contentId) => {
      const index = byContentId.get(contentId)
      if (index === undefined) return null
      const sig = signTarget(key, grant, { kind: 'cid', index })
      return `/m/${grant.messageId}/cid/${index}?sig=${encodeURIComponent(sig)}`
    },
    remote: (url) => {
      if (!remoteImages) return null
      const sig = signTarget(key, grant, { kind: 'image', url })
      return `/img-proxy/?u=${encodeURIComponent(url)}&sig=${encodeURIComponent(sig)}`
    },
  })
  return sanitized.html.length > MAX_SANITIZED ? 'too_large' : sanitized
}

function textView(text: string): string {
  return text.trim() === '' ? '' : textToHtml(text)
}
