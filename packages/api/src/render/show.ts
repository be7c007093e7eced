import type { RenderMemory, SignedHtml } from './memory.ts'
import { type Grant, grantKey, GRANT_MS } from './signature.ts'
import type { OpenedMessage } from './tasks.ts'
import type { RenderWorkers } from './workers.ts'

/** How a reader wants to see a message. */
export type ViewRequest = {
  /** For which reader and message, and until when, its signed URLs are valid. */
  grant: Grant
  /** The key for signed URLs, derived from the master key. */
  key: Buffer
  remoteImages: boolean
  /** Whether the text of a message without HTML is converted to HTML. */
  textAsHtml: boolean
}

/** The body of a message as a reader sees it. */
export type Shown = {
  /** Safe HTML; null if the message has no such body. */
  html: string | null
  /** Why the text is shown instead of the message's HTML; null if it is not. */
  fallback: 'too_large' | 'timed_out' | null
  /** The number of blocked remote images. */
  blockedImages: number
}

/** An opened message with its body. */
export type View = { opened: OpenedMessage; shown: Shown }

const NOTHING: Shown = { html: null, fallback: null, blockedImages: 0 }

/** Makes a converter of message bodies into safe HTML, which caches its results. */
export function createShow(workers: RenderWorkers, memory: RenderMemory) {
  /** The cached HTML, if its signed URLs stay valid for a while. */
  function rememberedHtml(blobKey: string, request: ViewRequest): SignedHtml | undefined {
    const known = memory.shown.get(viewKey(blobKey, request))?.value ?? undefined
    const least = request.grant.expires.getTime() - GRANT_MS / 2
    return known !== undefined && known.expires.getTime() >= least ? known : undefined
  }

  /** Why a message's HTML cannot be shown; null if it can, as far as is known. */
  function fallbackOf(blobKey: string, opened: OpenedMessage): Shown['fallback'] {
    if (opened.truncated.includes('html')) return 'too_large'
    const unshown = opened.html === null ? undefined : memory.unshown.get(blobKey)
    return unshown === undefined ? null : (unshown.value ?? 'timed_out')
  }

  function remembered(blobKey: string, opened: OpenedMessage, request: ViewRequest): View | undefined {
    const fallback = fallbackOf(blobKey, opened)
    if (fallback !== null || opened.html === null) {
      if (fallback === null && !request.textAsHtml) return { opened, shown: NOTHING }
      const text = memory.text.get(blobKey)
      return text && { opened, shown: textShown(text.value, fallback) }
    }
    const html = rememberedHtml(blobKey, request)
    return html && { opened, shown: { html: html.html, blockedImages: html.blockedImages, fallback: null } }
  }

  async function show(blobKey: string, opened: OpenedMessage, request: ViewRequest): Promise<View> {
    const known = remembered(blobKey, opened, request)
    if (known !== undefined) return known
    if (opened.html !== null && fallbackOf(blobKey, opened) === null) {
      const html = await workers.sanitize({
        html: opened.html,
        grant: request.grant,
        signingKey: grantKey(request.key, request.grant),
        parts: opened.attachments.flatMap(({ index, contentId, inline }) =>
          inline && contentId !== null ? [{ index, contentId }] : [],
        ),
        remoteImages: request.remoteImages,
      })
      if (html !== null && html !== 'too_large') {
        memory.shown.set(viewKey(blobKey, request), { ...html, expires: request.grant.expires })
        return { opened, shown: { ...html, fallback: null } }
      }
      memory.unshown.set(blobKey, html)
    }
    const text = await workers.text(opened.text ?? opened.html ?? '', opened.text === null ? 'html' : 'plain')
    memory.text.set(blobKey, text)
    return { opened, shown: textShown(text, fallbackOf(blobKey, opened)) }
  }

  return { remembered, show }
}

function textShown(text: string | null, fallback: Shown['fallback']): Shown {
  return {
    html: text === '' ? null : text,
    fallback: fallback ?? (text === null ? 'timed_out' : null),
    blockedImages: 0,
  }
}

function viewKey(blobKey: string, { grant, remoteImages }: ViewRequest): string {
  return [blobKey, grant.tenantId, grant.userId, grant.messageId, remoteImages].join(' ')
}
