import { textToHtml } from './sanitize/text-view.ts'
import type { Renderer } from './renderer.ts'
import { type Grant, grantKey } from './signature.ts'
import type { OpenedMessage } from './tasks.ts'

/** What a reader sees of a message's body. */
export type Shown = {
  /** Safe HTML; null when the message has neither HTML nor any text. */
  html: string | null
  /** Why the text is shown instead of the message's HTML; null when it is not. */
  fallback: 'too_large' | 'timed_out' | null
  /** Remote pictures that are not shown. */
  blockedImages: number
}

/**
 * The body of an opened message as safe HTML. HTML over the size or the time limit is replaced by its text.
 * @param key derived from the master key for the addresses inside messages
 */
export async function showBody(
  renderer: Renderer,
  opened: OpenedMessage,
  options: { key: Buffer; grant: Grant; remoteImages: boolean },
): Promise<Shown> {
  if (opened.html === null) return { ...textOf(opened.text), fallback: opened.htmlTooLarge ? 'too_large' : null }
  const sanitized = await renderer.sanitize({
    html: opened.html,
    grant: options.grant,
    signingKey: grantKey(options.key, options.grant),
    parts: opened.attachments.flatMap(({ index, contentId }) => (contentId === null ? [] : [{ index, contentId }])),
    remoteImages: options.remoteImages,
  })
  if (sanitized !== null) return { ...sanitized, fallback: null }
  return { ...textOf(opened.text ?? (await renderer.text(opened.html))), fallback: 'timed_out' }
}

function textOf(text: string | null): Pick<Shown, 'html' | 'blockedImages'> {
  return { html: text === null || text.trim() === '' ? null : textToHtml(text), blockedImages: 0 }
}
