import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Config } from '@mairust/config'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import type { Dispatcher } from 'undici'
import type { Runtime } from './context.ts'
import { fetchImage, FetchImageError, MAX_IMAGE_BYTES } from './net/fetch-image.ts'
import { createResolveAll } from './net/resolve-all.ts'
import { createSafeAgent, UnsafeAddressError } from './net/safe-agent.ts'
import { imageAnswer, plainAnswer } from './render/answers.ts'
import { verifyTarget } from './render/signature.ts'

/** Each image takes up to `MAX_IMAGE_BYTES` of memory until the client has received it. */
const QUEUE: FairQueueOptions = {
  width: 24,
  widthPerName: 8,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 256,
  waitMs: 15_000,
}
/** Time limit for a client to receive an image. */
const DELIVERY_MS = 30_000
const PIECE = 65_536
const DAY_S = 86_400

export type ImageProxyOptions = {
  runtime: Pick<Runtime, 'keys' | 'now' | 'log'> & { config: Pick<Config, 'dns'> }
  agent?: Dispatcher | undefined
  allowedHosts?: readonly string[] | undefined
  queue?: Partial<FairQueueOptions> | undefined
}

/**
 * Makes the handler of `GET /img-proxy/?u=&sig=`, which loads a remote image for a user who asked to see the images of a message. Only
 * the signature, made when the message was shown, gives access; the message frame sends no cookie.
 */
export function createImageProxy({ runtime, allowedHosts, agent, queue: limits }: ImageProxyOptions) {
  const resolve = createResolveAll(runtime.config.dns)
  const dispatcher = agent ?? createSafeAgent({ maxResponseSize: MAX_IMAGE_BYTES, allowedHosts, resolve })
  const queue = createFairQueue({ ...QUEUE, ...limits })

  /** Answers with the image; resolves when the client has received it or has disconnected. */
  async function deliver(url: string, answer: (response: Response) => void): Promise<void> {
    const { content, type } = await fetchImage(url, { agent: dispatcher, allowedHosts })
    const cacheControl = `private, max-age=${DAY_S}`
    const pieces = Readable.from(piecesOf(content), { objectMode: false })
    answer(imageAnswer(pieces, { type, size: content.byteLength, cacheControl }))
    const timer = setTimeout(() => pieces.destroy(), DELIVERY_MS)
    await finished(pieces).catch(() => undefined)
    clearTimeout(timer)
  }

  function refusal(error: unknown): Response {
    if (error instanceof PoolBusyError) {
      return plainAnswer(503, 'Too many images are being loaded. Try again.', 5)
    }
    if (error instanceof UnsafeAddressError) return plainAnswer(403, error.message)
    const reason = error instanceof FetchImageError ? error.message : 'The image could not be loaded.'
    runtime.log.debug({ err: error }, 'A remote image could not be loaded')
    return plainAnswer(502, reason)
  }

  return async (request: Request): Promise<Response> => {
    const { searchParams } = new URL(request.url)
    const url = searchParams.get('u') ?? ''
    const key = runtime.keys.derive('render-signature')
    const grant = verifyTarget(key, searchParams.get('sig') ?? '', { kind: 'image', url }, runtime.now())
    if (grant === null) return plainAnswer(403, 'This link is invalid or has expired.')
    return new Promise((resolve) => {
      queue
        .run(`${grant.tenantId} ${grant.userId}`, MAX_IMAGE_BYTES, () => deliver(url, resolve))
        .catch((error: unknown) => resolve(refusal(error)))
    })
  }
}

/** Splits without copying. Unread pieces stay in the stream, so that it ends only when the client has received them. */
function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE)
}
