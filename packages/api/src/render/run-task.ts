import { htmlToText, meaningsOfContentId, parseMessage } from '@mairust/mail-core/message'
import { sanitizeMail } from './sanitize/sanitize.ts'
import { textToHtml } from './sanitize/text-view.ts'
import { signTarget } from './signature.ts'
import {
  MAX_SHOWN,
  type OpenedMessage,
  type RenderResult,
  type RenderTask,
  type SanitizedHtml,
  type SanitizeInput,
} from './tasks.ts'

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
  const { index, headers, text, html, reason } = parseMessage(raw)
  const htmlTooLarge = html !== null && html.length > MAX_SHOWN
  return {
    ...index,
    headers: headers.map(({ name, value }) => ({ name, value })),
    text: text ?? (htmlTooLarge ? htmlToText(html) : null),
    html: htmlTooLarge ? null : html,
    htmlTooLarge,
    parseError: reason,
  }
}

function sanitize({ html, grant, signingKey, parts, remoteImages }: SanitizeInput): SanitizedHtml {
  const key = asBuffer(signingKey)
  // An id as it is written wins over one that only means the same.
  const byContentId = new Map([
    ...parts.flatMap(({ contentId, index }) =>
      meaningsOfContentId(contentId).map((id): [string, number] => [id, index]),
    ),
    ...parts.map(({ contentId, index }): [string, number] => [contentId, index]),
  ])
  return sanitizeMail(html, {
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
}

function textView(text: string): string {
  return text.trim() === '' ? '' : textToHtml(text)
}
