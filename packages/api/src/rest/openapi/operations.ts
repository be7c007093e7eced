import { ERROR_STATUS, type ErrorCode } from '../../errors.ts'
import type { Json } from './describe.ts'

/** What is known of an operation beside what its schemas say. */
export interface OperationFacts {
  method: string
  pattern: string
  isPublic: boolean
  /** It makes something: 201. */
  creates: boolean
  /** It reads, changes or removes one resource that has an ETag. */
  hasTag: boolean
  /** It answers with a file. */
  isFile: boolean
}

const header = (description: string, schema: Json, example: unknown): Json => ({ description, schema, example })
const TEXT = { type: 'string' }
const COUNT = { type: 'integer', format: 'int64' }

/** Headers of answers, by name. */
export const HEADERS: Readonly<Record<string, Json>> = {
  'X-Request-Id': header('Finds the request in the log.', TEXT, 'req_7c9e6679f8e04f2c9a1d2b3c4d5e6f70'),
  'X-RateLimit-Limit': header('Requests that are allowed in a minute.', COUNT, 6000),
  'X-RateLimit-Remaining': header('Requests that are left.', COUNT, 5999),
  'X-RateLimit-Reset': header('When the count begins anew, in epoch seconds.', COUNT, 1790000000),
  'Retry-After': header('Seconds after which it is worth another try.', COUNT, 5),
  ETag: header('The version of the resource, for If-Match and If-None-Match.', TEXT, '"Zx3f9Kq0aLmE"'),
  Location: header('Where the thing made is.', TEXT, '/api/v1/domains/dom_01jd4q8r6vf2s8x0k3m5n7p9tz'),
  'Idempotency-Replayed': header('`true` when this is the answer to an earlier request with the key.', TEXT, 'true'),
  'Accept-Ranges': header('Always `bytes`.', TEXT, 'bytes'),
  'Content-Range': header('Which bytes these are.', TEXT, 'bytes 0-99/4096'),
}

const ALWAYS = ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']

const refs = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** The headers of a successful answer. */
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

/** Headers of requests, by name. */
export const PARAMETERS: Readonly<Record<string, Json>> = {
  IfMatch: parameter('If-Match', 'Change it only if this is still its ETag.', '"Zx3f9Kq0aLmE"'),
  IfNoneMatch: parameter('If-None-Match', 'Answer 304 if this is still its ETag.', '"Zx3f9Kq0aLmE"'),
  IfRange: parameter('If-Range', 'Send a range only if this is still its ETag, else all.', '"Zx3f9Kq0aLmE"'),
  Range: parameter('Range', 'Send these bytes only.', 'bytes=0-99'),
  IdempotencyKey: parameter('Idempotency-Key', 'Make one thing for this key, however often it is sent.', 'order-1234'),
}

/** The headers that a request may have. */
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

/** The answers of an operation that are not what was asked for. */
export const otherResponsesOf = (facts: OperationFacts): Json => ({
  ...((facts.hasTag && facts.method === 'GET') || facts.isFile
    ? { '304': { description: 'You have it already.', headers: refs(['ETag']) } }
    : {}),
  ...responseRefs(errorsOf(facts)),
})

/** The answer to too many requests, for operations that are open to all. */
export const LIMITED_RESPONSES = responseRefs(['RATE_LIMITED', 'INTERNAL_ERROR'])

/** Every error as an answer. */
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
        description: 'The kind of error, for programs.',
        examples: ['NOT_FOUND'],
      },
      message: line('What went wrong and what to do, for people.', 'There is no such domain.'),
      details: {
        type: 'array',
        items: closed({
          field: line('The field: its path in the request, with dots.', 'targets.0'),
          reason: line('What is wrong with the value.', 'must be an email address'),
        }),
        description: 'Every field of the request that was wrong.',
      },
      request_id: line('Finds the request in the log and in the audit log.', 'req_7c9e6679f8e04f2c9a1d2b3c4d5e6f70'),
    }),
    description: 'What went wrong.',
  },
})
