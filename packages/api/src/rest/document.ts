import { generateOpenApiDocument } from 'trpc-to-openapi'
import { appRouter } from '../trpc/root.ts'
import { completeExamples, describeParameter, describeSchema, type Json } from './openapi/describe.ts'
import { nameSchemas } from './openapi/names.ts'
import {
  API_ERROR,
  ERROR_RESPONSES,
  HEADERS,
  headersOf,
  otherResponsesOf,
  PARAMETERS,
  requestHeadersOf,
  type OperationFacts,
} from './openapi/operations.ts'
import { fileOperation, OPEN_OPERATIONS } from './openapi/outside.ts'
import { INTRODUCTION, TAGS } from './openapi/texts.ts'
import { rawRoutes } from './raw-routes.ts'
import { createResources } from './resources.ts'
import { routesOf, type Route } from './routes.ts'

type Operation = Json & { responses: Json; operationId: string; tags: string[] }
type Paths = Record<string, Record<string, Operation>>
type OpenApiDocument = Json & { info: Json; paths: Paths; components: Json & { schemas: Json } }

const SECURITY = [{ apiKey: [] }, { session: [] }]

let document: { document: OpenApiDocument; missing: string[] } | null = null

/**
 * The OpenAPI 3.1 document: what trpc-to-openapi writes of the procedures, with the contract's statuses, errors and headers, the routes
 * that are no procedures, and words for every field.
 */
export const openApiDocument = (): OpenApiDocument => (document ??= build()).document

/**
 * Fields and parameters that have no words yet, for the test that wants none.
 * @public
 */
export const undescribedFields = (): string[] => (document ??= build()).missing

const generate = (): OpenApiDocument =>
  // Cast: the generator's type is the whole of OpenAPI; only what is rewritten here is named.
  generateOpenApiDocument(appRouter, {
    title: 'MaiRust API',
    description: INTRODUCTION,
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

const build = (): { document: OpenApiDocument; missing: string[] } => {
  nameSchemas()
  const generated = generate()
  const missing: string[] = []
  const paths: Paths = {}
  const add = (pattern: string, operation: Json, facts: OperationFacts): void => {
    const method = facts.method.toLowerCase()
    paths[pattern] = { ...paths[pattern], [method]: finish(operation as Operation, facts, missing) }
  }
  const routes = routesOf(appRouter)
  const resources = createResources(routes)
  for (const route of routes) {
    const operation = generated.paths[route.pattern]?.[route.method.toLowerCase()]
    if (operation === undefined) continue
    const facts = { ...factsOf(route), hasTag: resources.at(route) !== null && !isList(operation) }
    const { 200: success } = operation.responses
    const responses = {
      [String(route.meta.status ?? 200)]: { ...(success as Json), headers: headersOf(facts) },
      ...otherResponsesOf(facts),
    }
    add(route.pattern, { ...operation, operationId: kebab(route.procedure), responses }, facts)
  }
  for (const { pattern, operation, facts } of [...rawRoutes.map(fileOperation), ...OPEN_OPERATIONS]) {
    add(pattern, operation, facts)
  }
  return { missing, document: assemble(generated, paths, missing) }
}

const kebab = (procedure: string): string =>
  procedure.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('.', '-')

const factsOf = ({ method, pattern, meta }: Route): OperationFacts => ({
  method,
  pattern,
  isPublic: meta.permission === 'public',
  creates: meta.status === 201,
  hasTag: false,
  isFile: false,
})

const isList = (operation: Operation): boolean => JSON.stringify(operation.responses['200']).includes('"pagination"')

/** Security, request headers and words. */
const finish = (operation: Operation, facts: OperationFacts, missing: string[]): Operation => {
  const owner = operation.operationId
  const given = (operation['parameters'] ?? []) as Json[]
  const body = operation['requestBody'] as { content: Record<string, { schema: Json }> } | undefined
  const parameters = [
    ...given.map((parameter) => describeParameter(parameter, owner, missing)),
    ...requestHeadersOf(facts),
  ]
  return {
    ...operation,
    security: facts.isPublic ? [] : SECURITY,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, owner, missing) }),
    responses: describeContents(operation.responses, owner, missing),
  }
}

/** A body that may be left out is said to be optional; none takes unknown fields. */
const requestBody = (body: { content: Record<string, { schema: Json }> }, owner: string, missing: string[]): Json => {
  const [[type, { schema }] = ['application/json', { schema: {} }]] = Object.entries(body.content)
  return {
    required: Array.isArray(schema['required']) && schema['required'].length > 0,
    content: {
      [type]: { schema: { ...(describeSchema(schema, owner, missing) as Json), additionalProperties: false } },
    },
  }
}

const describeContents = (responses: Json, owner: string, missing: string[]): Json =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { content, ...rest } = response as Json & { content?: Record<string, { schema: Json }> }
      if (content === undefined) return [status, response]
      const described = Object.entries(content).map(([type, { schema }]) => [
        type,
        { schema: describeSchema(schema, owner, missing) },
      ])
      return [status, { ...rest, content: Object.fromEntries(described) as Json }]
    }),
  )

const assemble = (generated: OpenApiDocument, paths: Paths, missing: string[]): OpenApiDocument => {
  const named = Object.entries(generated.components.schemas)
    .filter(([name]) => !name.startsWith('error.'))
    .concat([['ApiError', API_ERROR]])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [name, describeSchema(schema, name, missing)])
  const schemas = Object.fromEntries(named) as Json
  const tags = new Set(Object.values(paths).flatMap((methods) => Object.values(methods).flatMap((one) => one.tags)))
  return {
    ...generated,
    info: { ...generated.info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    // Cast: only examples are added.
    paths: completeExamples(
      Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
      schemas,
    ) as Paths,
    components: {
      ...generated.components,
      headers: HEADERS,
      parameters: PARAMETERS,
      responses: ERROR_RESPONSES,
      schemas: completeExamples(schemas, schemas) as Json,
    },
    tags: [...tags].sort().map((name) => ({ name, description: TAGS[name] })),
  }
}
