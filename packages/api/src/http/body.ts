import { AppError } from '../errors.ts'
import { checkJsonBounds } from './json-bounds.ts'
import { createPace } from './pace.ts'

/** Maximum size of a JSON body in bytes, unless a route sets another. */
export const JSON_LIMIT = 1_048_576
/** Maximum size of a JSON body in bytes for anonymous requests. */
export const ANONYMOUS_LIMIT = 16_384

/** Most pieces that are kept apart: each takes memory of its own, and a client can send bytes one by one. */
const MAX_PIECES = 256

/** A body on its way. */
export interface Incoming {
  /**
   * Reads on until there are more than so many bytes; fewer only at the end, and none after it.
   * @throws AppError PAYLOAD_TOO_LARGE beyond the limit, REQUEST_TIMEOUT if it comes too slowly, INVALID_REQUEST if the client disconnects
   */
  next: (bytes: number) => Promise<Buffer>
  isEnded: () => boolean
  /** Gives up the rest. */
  cancel: () => Promise<void>
}

const tooLarge = (limit: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`)

/**
 * Begins to read a body, which stops as soon as it exceeds the limit, whatever Content-Length says.
 * @throws AppError PAYLOAD_TOO_LARGE
 */
export const openBody = (request: Request, limit: number): Incoming => {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  const body: ReadableStream<Uint8Array> | null = request.body
  const reader = body?.getReader()
  const cancel = async (): Promise<void> => reader?.cancel().catch(() => undefined)
  const paced = createPace(() => void cancel())
  let [size, ended] = [0, reader === undefined]
  const read = async (): Promise<Uint8Array | null> => {
    const step = reader === undefined ? null : await paced(() => reader.read().catch(broken))
    if (step?.value === undefined) return null
    size += step.value.byteLength
    if (size <= limit) return step.value
    await cancel()
    throw tooLarge(limit)
  }
  return {
    next: async (bytes) => {
      const chunks: Uint8Array[] = []
      let held = 0
      while (!ended && held <= bytes) {
        const chunk = await read()
        ended = chunk === null
        if (chunk === null) break
        chunks.push(chunk)
        held += chunk.byteLength
        if (chunks.length === MAX_PIECES) chunks.splice(0, MAX_PIECES, Buffer.concat(chunks, held))
      }
      return Buffer.concat(chunks, held)
    },
    isEnded: () => ended,
    cancel,
  }
}

const broken = (cause: unknown): never => {
  throw new AppError('INVALID_REQUEST', 'The body ended too early.', { cause })
}

/**
 * Reads a whole body.
 * @throws AppError PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, or INVALID_REQUEST if the client disconnects
 */
export const readBody = (request: Request, limit: number): Promise<Buffer> => openBody(request, limit).next(limit)

const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/** Whether a Content-Type is JSON in UTF-8. */
export const isJsonType = (contentType: string | null): boolean => JSON_TYPE.test(contentType ?? '')

/**
 * The JSON object that is a request's body; `{}` if there is no body.
 * @throws AppError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST
 */
export const jsonObjectOf = (request: Pick<Request, 'headers'>, body: Buffer): Record<string, unknown> => {
  if (body.length === 0) return {}
  if (!isJsonType(request.headers.get('content-type')) || request.headers.has('content-encoding')) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.')
  }
  checkJsonBounds(body)
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('INVALID_REQUEST', 'The body must be a JSON object.')
  }
  return value as Record<string, unknown>
}

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new AppError('INVALID_REQUEST', 'The body is not valid JSON.', { cause })
  }
}
