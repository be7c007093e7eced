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
  const { html, text } = opened
  const textFor = async (fallback: Shown['fallback']): Promise<Shown> => {
    const view = await renderer.text(text ?? html ?? '', text === null ? 'html' : 'plain')
    return {
      html: view === '' ? null : view,
      fallback: fallback ?? (view === null ? 'timed_out' : null),
      blockedImages: 0,
    }
  }
  if (html === null) return textFor(opened.htmlTooLarge ? 'too_large' : null)
  const sanitized = await renderer.sanitize({
    html,
    grant: options.grant,
    signingKey: grantKey(options.key, options.grant),
    parts: opened.attachments.flatMap(({ index, contentId }) => (contentId === null ? [] : [{ index, contentId }])),
    remoteImages: options.remoteImages,
  })
  return sanitized === null ? textFor('timed_out') : { ...sanitized, fallback: null }
}
