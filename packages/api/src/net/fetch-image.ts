import { type Dispatcher, request } from 'undici'
import { imageType } from '@mairust/mail-core/message'
import { requireSafeUrl, UnsafeAddressError } from './safe-agent.ts'

/** An image, with the type that its bytes show. */
export type FetchedImage = { content: Buffer; type: string }

export type FetchImageOptions = {
  /** From `createSafeAgent`. */
  agent: Dispatcher
  allowedHosts?: readonly string[] | undefined
  timeoutMs?: number | undefined
  maxBytes?: number | undefined
}

/** An image that its server does not deliver as it should. */
export class FetchImageError extends Error {
  override readonly name = 'FetchImageError'
}

const TIMEOUT_MS = 10_000
const MAX_REDIRECTS = 5
/** Maximum size of an image in bytes. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024

/**
 * Loads an image from the public internet, without cookies or referrer. Follows redirects itself, and checks each like the first URL.
 * @throws UnsafeAddressError, FetchImageError, and network errors
 */
export async function fetchImage(text: string, options: FetchImageOptions): Promise<FetchedImage> {
  const { agent, allowedHosts, timeoutMs = TIMEOUT_MS, maxBytes = MAX_IMAGE_BYTES } = options
  const signal = AbortSignal.timeout(timeoutMs)
  let url = requireSafeUrl(text, undefined, allowedHosts)
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await request(url, {
      dispatcher: agent,
      signal,
      method: 'GET',
      headers: { accept: 'image/png,image/jpeg,image/gif,image/webp', 'user-agent': 'MaiRust image proxy' },
    })
    // A body that is not read to its end emits an error, which must have a listener.
    response.body.on('error', () => undefined)
    const location = response.headers['location']
    if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string') {
      response.body.destroy()
      url = requireSafeUrl(location, url, allowedHosts)
      continue
    }
    if (response.statusCode !== 200) {
      response.body.destroy()
      throw new FetchImageError(`The image server answered ${response.statusCode}.`)
    }
    return toImage(await readAll(response.body, maxBytes))
  }
  throw new UnsafeAddressError('Too many redirects.')
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw new FetchImageError('The image is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function toImage(content: Buffer): FetchedImage {
  const type = imageType(content)
  if (type === null) throw new FetchImageError('This is not a PNG, JPEG, GIF or WebP image.')
  return { content, type }
}
