import { AppError } from '../errors.ts'

/** Maximum size of a JSON body in bytes, unless a route sets another. */
export const JSON_LIMIT = 1_048_576
/** Maximum size of a JSON body in bytes for anonymous requests. */
export const ANONYMOUS_LIMIT = 16_384

const tooLarge = (limit: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`)

/**
 * Reads a body, and stops as soon as it exceeds the limit, whatever Content-Length says.
 * @throws AppError PAYLOAD_TOO_LARGE, or INVALID_REQUEST if the client disconnects
 */
export const readBody = async (request: Request, limit: number): Promise<Buffer> => {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  if (request.body === null) return Buffer.alloc(0)
  const body: ReadableStream<Uint8Array> = request.body
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new AppError('INVALID_REQUEST', 'The body ended too early.', { cause })
    })
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > limit) {
      await reader.cancel().catch(() => undefined)
      throw tooLarge(limit)
    }
    chunks.push(value)
  }
}

const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/** Whether a Content-Type is JSON in UTF-8. */
export const isJsonType = (contentType: string | null): boolean => JSON_TYPE.test(contentType ?? '')

/**
 * Reads a JSON object; `{}` if there is no body.
 * @throws AppError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST
 */
export const readJsonObject = async (request: Request, limit: number): Promise<Record<string, unknown>> => {
  const body = await readBody(request, limit)
  if (body.length === 0) return {}
  if (!isJsonType(request.headers.get('content-type')) || request.headers.has('content-encoding')) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.')
  }
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
