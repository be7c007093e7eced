import { ERROR_STATUS, type ErrorCode } from '../../errors.ts'
import type { Json } from './describe.ts'

/** What the document says about an operation beyond its schemas. */
export interface OperationFacts {
  method: string
  pattern: string
  isPublic: boolean
  /** It creates a resource and answers 201. */
  creates: boolean
  /** It reads, changes or removes one resource that has an ETag. */
  hasTag: boolean
  /** Its response is a file. */
  isFile: boolean
}

const header = (description: string, schema: Json, example: unknown): Json => ({ description, schema, example })
const TEXT = { type: 'string' }
const COUNT = { type: 'integer', format: 'int64' }

/** Response headers, by name. */
export const HEADERS: Readonly<Record<string, Json>> = {
  'X-Request-Id': header(
    'Id of the request, for the log and the audit log.',
    TEXT,
    'req_7c9e6679f8e04f2c9a1d2b3c4d5e6f70',
  ),
  'X-RateLimit-Limit': header('Requests allowed per minute.', COUNT, 6000),
  'X-RateLimit-Remaining': header('Requests left.', COUNT, 5999),
  'X-RateLimit-Reset': header('When the limit resets, in epoch seconds.', COUNT, 1790000000),
  'Retry-After': header('Seconds to wait before trying again.', COUNT, 5),
  ETag: header('Version of the resource, for If-Match and If-None-Match.', TEXT, '"Zx3f9Kq0aLmE"'),
  Location: header('Path of the new resource.', TEXT, '/api/v1/domains/dom_01jd4q8r6vf2s8x0k3m5n7p9tz'),
  'Idempotency-Replayed': header('`true` if an earlier request with this key gave this response.', TEXT, 'true'),
  'Accept-Ranges': header('Always `bytes`.', TEXT, 'bytes'),
  'Content-Range': header('Which bytes of the file these are.', TEXT, 'bytes 0-99/4096'),
}

const ALWAYS = ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']

const refs = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** The headers of a successful response. */
export const headersOf = ({ creates, hasTag, isFile, method }: OperationFacts): Json =>
  refs([
    ...ALWAYS,
    ...((hasTag && method !== 'DELETE') || isFile ? ['ETag'] : []),
    ...(creates ? ['Location', 'Idempotency-Replayed'] : []),
    ...(isFile ? ['Accept-Ranges'] : []),
  ])

const parameter = (name: string, description: string, example: string): Json => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: TEXT,
  example,
})

/** Request headers, by name. */
export const PARAMETERS: Readonly<Record<string, Json>> = {
  IfMatch: parameter('If-Match', 'Change the resource only if this is still its ETag.', '"Zx3f9Kq0aLmE"'),
  IfNoneMatch: parameter('If-None-Match', 'Answer 304 if this is still the ETag.', '"Zx3f9Kq0aLmE"'),
  IfRange: parameter(
    'If-Range',
    'Send the range only if this is still the ETag, else the whole file.',
    '"Zx3f9Kq0aLmE"',
  ),
  Range: parameter('Range', 'Send only these bytes.', 'bytes=0-99'),
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Create only one resource, however often this key is sent.',
    'order-1234',
  ),
}

/** The headers that a request may have, as references to `PARAMETERS`. */
export const requestHeadersOf = ({ method, creates, hasTag, isFile }: OperationFacts): Json[] =>
  [
    ...(creates ? ['IdempotencyKey'] : []),
    ...(hasTag ? [method === 'GET' ? 'IfNoneMatch' : 'IfMatch'] : []),
    ...(isFile ? ['IfNoneMatch', 'IfRange', 'Range'] : []),
  ].map((name) => ({ $ref: `#/components/parameters/${name}` }))

const errorsOf = ({ method, pattern, isPublic, hasTag, isFile }: OperationFacts): ErrorCode[] => {
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return [
    ...(hasBody ? (['INVALID_REQUEST'] as const) : []),
    ...(isPublic && !hasBody ? [] : (['UNAUTHORIZED', 'FORBIDDEN'] as const)),
    ...(pattern.includes('{') ? (['NOT_FOUND'] as const) : []),
    ...(hasBody ? (['REQUEST_TIMEOUT'] as const) : []),
    ...(method === 'GET' ? [] : (['CONFLICT'] as const)),
    ...(hasTag && method !== 'GET' ? (['PRECONDITION_FAILED'] as const) : []),
    ...(hasBody ? (['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(isFile ? (['RANGE_NOT_SATISFIABLE'] as const) : []),
    'VALIDATION_ERROR',
    'RATE_LIMITED',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
  ]
}

const responseRefs = (codes: readonly ErrorCode[]): Json =>
  Object.fromEntries(codes.map((code) => [String(ERROR_STATUS[code]), { $ref: `#/components/responses/${code}` }]))

/** The responses of an operation other than success. */
export const otherResponsesOf = (facts: OperationFacts): Json => ({
  ...((facts.hasTag && facts.method === 'GET') || facts.isFile
    ? { '304': { description: 'It has not changed.', headers: refs(['ETag']) } }
    : {}),
  ...responseRefs(errorsOf(facts)),
})

/** The error responses of operations that need no login. */
export const LIMITED_RESPONSES = responseRefs(['RATE_LIMITED', 'INTERNAL_ERROR'])

/** The response for each error code. */
export const ERROR_RESPONSES: Json = Object.fromEntries(
  Object.entries(ERROR_STATUS).map(([code, status]) => [
    code,
    {
      description: `${code} (${status})`,
      headers: refs([
        ...ALWAYS,
        ...(['RATE_LIMITED', 'UNAVAILABLE', 'CONFLICT'].includes(code) ? ['Retry-After'] : []),
        ...(code === 'RANGE_NOT_SATISFIABLE' ? ['Content-Range'] : []),
      ]),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
    },
  ]),
)

const closed = (properties: Json): Json => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
})

const line = (description: string, example: string): Json => ({ ...TEXT, description, examples: [example] })

/** The body of every error. */
export const API_ERROR: Json = closed({
  error: {
    ...closed({
      code: {
        type: 'string',
        enum: Object.keys(ERROR_STATUS),
        description: 'Kind of error, for programs.',
        examples: ['NOT_FOUND'],
      },
      message: line('What went wrong and what to do, for people.', 'There is no such domain.'),
      details: {
        type: 'array',
        items: closed({
          field: line('Path of the field in the request, with dots.', 'targets.0'),
          reason: line('What is wrong with the value.', 'must be an email address'),
        }),
        description: 'Fields of the request that were wrong, at most 20.',
      },
      request_id: line('Id of the request, for the log and the audit log.', 'req_7c9e6679f8e04f2c9a1d2b3c4d5e6f70'),
    }),
    description: 'What went wrong.',
  },
})
