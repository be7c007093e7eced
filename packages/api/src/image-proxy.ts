import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Runtime } from './context.ts'
import { fetchImage, FetchImageError, MAX_IMAGE_BYTES } from './net/fetch-image.ts'
import { createSafeAgent, UnsafeAddressError } from './net/safe-agent.ts'
import { imageAnswer, plainAnswer } from './render/answers.ts'
import { verifyTarget } from './render/signature.ts'

/** Pictures that are loaded at the same time, at most. */
const MAX_OPEN = 64
const DAY_S = 86_400

export type ImageProxyOptions = {
  runtime: Pick<Runtime, 'keys' | 'now' | 'log'>
  agent?: Dispatcher | undefined
  allowedHosts?: readonly string[] | undefined
}

/**
 * Makes the handler of `GET /img-proxy/?u=&sig=`: loads a remote picture of a message for a reader who asked for them. The signature,
 * made when the message was shown, is the only key to it; the frame that asks carries no cookie.
 */
export function createImageProxy({ runtime, allowedHosts, agent }: ImageProxyOptions) {
  const dispatcher = agent ?? createSafeAgent({ maxResponseSize: MAX_IMAGE_BYTES, allowedHosts })
  let open = 0

  return async (request: Request): Promise<Response> => {
    const { searchParams } = new URL(request.url)
    const url = searchParams.get('u') ?? ''
    const key = runtime.keys.derive('render-signature')
    const grant = verifyTarget(key, searchParams.get('sig') ?? '', { kind: 'image', url }, runtime.now())
    if (grant === null) return plainAnswer(403, 'This address is not, or no longer, valid.')
    if (open >= MAX_OPEN) return plainAnswer(503, 'Too many pictures are being loaded. Try again.')
    open += 1
    try {
      const { content, type } = await fetchImage(url, { agent: dispatcher, allowedHosts })
      const cacheControl = `private, max-age=${DAY_S}`
      return imageAnswer(Readable.from([content], { objectMode: false }), {
        type,
        size: content.byteLength,
        cacheControl,
      })
    } catch (error) {
      if (error instanceof UnsafeAddressError) return plainAnswer(403, error.message)
      const reason = error instanceof FetchImageError ? error.message : 'The picture could not be loaded.'
      runtime.log.debug({ err: error }, 'A remote picture was not loaded')
      return plainAnswer(502, reason)
    } finally {
      open -= 1
    }
  }
}
