import { AppError } from '../errors.ts'

/**
 * What the client may wait in all, and how many bytes bring a second more. A line of 256 kbit/s carries 28,000 bytes of a body a second,
 * and has to be left something for others.
 */
const PATIENCE_MS = 10_000
const BYTES_PER_SECOND = 20_480

/** The longest that may be waited for a body of so many bytes. */
export const longestMs = (bytes: number): number => PATIENCE_MS + Math.ceil((bytes * 1000) / BYTES_PER_SECOND)

/**
 * Makes a limit for the speed of a body: the time spent waiting for the client may grow with the bytes that have come, so that nobody
 * holds a place by sending little.
 * @returns runs a step that waits for the client and resolves to what came; `cancel` is called when it takes too long
 */
export const createPace = (cancel: () => void) => {
  let left = PATIENCE_MS
  return async <Chunk extends { value?: Uint8Array | undefined }>(read: () => Promise<Chunk>): Promise<Chunk> => {
    const began = performance.now()
    const { promise: tooSlow, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(slow()), left)
    try {
      const chunk = await Promise.race([read(), tooSlow])
      left += ((chunk.value?.byteLength ?? 0) * 1000) / BYTES_PER_SECOND - (performance.now() - began)
      return chunk
    } catch (error) {
      cancel()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The connection is closed, or the rest would have to be waited for. */
const slow = (): AppError =>
  new AppError('REQUEST_TIMEOUT', 'The body came too slowly. Send it again over a faster connection.', {
    headers: { Connection: 'close' },
  })
