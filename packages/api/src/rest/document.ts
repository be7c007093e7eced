import { generateOpenApiDocument } from 'trpc-to-openapi'
import { ERROR_STATUS, type ErrorCode } from '../errors.ts'
import { appRouter } from '../trpc/root.ts'
import { rawRoutes } from './raw-routes.ts'
import { routesOf } from './routes.ts'

type Json = Record<string, unknown>
type Operation = Json & { responses: Json; security?: unknown }
type Paths = Record<string, Record<string, Operation>>
type OpenApiDocument = Json & { paths: Paths; components: Json; tags: { name: string }[] }

const SECURITY = [{ apiKey: [] }, { session: [] }]

let document: OpenApiDocument | null = null

/**
 * The OpenAPI 3.1 document: what trpc-to-openapi writes of the procedures, with the contract's statuses and error shape
 * and the routes that are no procedures.
 */
export const openApiDocument = (): OpenApiDocument => (document ??= build())

const build = (): OpenApiDocument => {
  // Cast: the generator's type is the whole of OpenAPI; only what is rewritten here is named.
  const generated = generateOpenApiDocument(appRouter, {
    title: 'MaiRust API',
    description:
      'One resource is `{ "data": {…} }`, a list `{ "data": […], "pagination": { "cursor", "has_more" } }`, an error `{ "error": { "code", "message", "details", "request_id" } }`.',
    version: '1.0.0',
    openApiVersion: '3.1.0',
    baseUrl: '/api/v1',
    securitySchemes: {
      apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `mk_live_…`.' },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'mairust_sid',
        description: 'The session cookie; `__Host-mairust_sid` on https.',
      },
    },
  }) as unknown as OpenApiDocument
  const paths: Paths = {}
  for (const route of routesOf(appRouter)) {
    const operation = generated.paths[route.pattern]?.[route.method.toLowerCase()]
    if (operation === undefined) continue
    const { 200: success } = operation.responses
    const isPublic = route.meta.permission === 'public'
    paths[route.pattern] = {
      ...paths[route.pattern],
      [route.method.toLowerCase()]: {
        ...operation,
        security: isPublic ? [] : SECURITY,
        responses: {
          [String(route.meta.status ?? 200)]: success,
          ...errorResponses(errorsOf(route.method, route.pattern, isPublic)),
        },
      },
    }
  }
  for (const { pattern, operation } of [...rawOperations(), ...OPEN_OPERATIONS]) {
    paths[pattern] = { ...paths[pattern], get: operation }
  }
  return {
    ...generated,
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: { ...generated.components, responses: ERROR_RESPONSES, schemas: { Error: ERROR_SCHEMA } },
    tags: tagsOf(paths),
  }
}

const tagsOf = (paths: Paths): { name: string }[] => {
  const names = Object.values(paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ tags }) => (Array.isArray(tags) ? tags.map(String) : [])),
  )
  return [...new Set(names)].sort().map((name) => ({ name }))
}

const errorsOf = (method: string, pattern: string, isPublic: boolean): ErrorCode[] => {
  const named = pattern.includes('{')
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return [
    ...(hasBody ? (['INVALID_REQUEST'] as const) : []),
    ...(isPublic && !hasBody ? [] : (['UNAUTHORIZED', 'FORBIDDEN'] as const)),
    ...(named ? (['NOT_FOUND'] as const) : []),
    ...(method === 'GET' ? [] : (['CONFLICT'] as const)),
    ...(hasBody ? (['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    'VALIDATION_ERROR',
    'RATE_LIMITED',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
  ]
}

const errorResponses = (codes: readonly ErrorCode[]): Json =>
  Object.fromEntries(codes.map((code) => [String(ERROR_STATUS[code]), { $ref: `#/components/responses/${code}` }]))

const ERROR_RESPONSES: Json = Object.fromEntries(
  Object.entries(ERROR_STATUS).map(([code, status]) => [
    code,
    {
      description: `${code} (${status})`,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]),
)

const ERROR_SCHEMA: Json = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details', 'request_id'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'reason'],
            additionalProperties: false,
            properties: { field: { type: 'string' }, reason: { type: 'string' } },
          },
        },
        request_id: { type: 'string' },
      },
    },
  },
}

const rawOperations = (): { pattern: string; operation: Operation }[] =>
  rawRoutes.map((route) => ({
    pattern: route.pattern,
    operation: {
      operationId: route.pattern.slice(1).replaceAll(/[{}]/g, '').replaceAll('/', '-'),
      summary: route.summary,
      tags: [route.tag],
      security: SECURITY,
      parameters: [...route.pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      responses: {
        '200': {
          description: 'The bytes.',
          content: { [route.contentType]: { schema: { type: 'string', format: 'binary' } } },
        },
        ...errorResponses(errorsOf('GET', route.pattern, false)),
      },
    },
  }))

const openOperation = (operationId: string, summary: string, contentType: string, schema: Json): Operation => ({
  operationId,
  summary,
  tags: ['Service'],
  security: [],
  responses: { '200': { description: 'Successful response', content: { [contentType]: { schema } } } },
})

const CHECK = { type: 'string', enum: ['ok', 'unavailable'] }
const HEALTH = {
  type: 'object',
  required: ['data'],
  properties: {
    data: {
      type: 'object',
      required: ['status', 'checks'],
      properties: { status: CHECK, checks: { type: 'object', additionalProperties: CHECK } },
    },
  },
}

const OPEN_OPERATIONS: readonly { pattern: string; operation: Operation }[] = [
  {
    pattern: '/openapi.json',
    operation: openOperation('openapi', 'This document', 'application/json', { type: 'object' }),
  },
  { pattern: '/docs', operation: openOperation('docs', 'Reference page', 'text/html', { type: 'string' }) },
  {
    pattern: '/health',
    operation: (() => {
      const operation = openOperation('health', 'Tell whether the server can work', 'application/json', HEALTH)
      const unavailable = {
        description: 'Something does not answer.',
        content: { 'application/json': { schema: HEALTH } },
      }
      return { ...operation, responses: { ...operation.responses, '503': unavailable } }
    })(),
  },
]
