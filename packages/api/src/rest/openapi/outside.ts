import { z } from 'zod'
import { healthSchema } from '../../services/health/index.ts'
import { EXAMPLE, one } from '../../wire/index.ts'
import type { RawRoute } from '../raw-route.ts'
import type { Json } from './describe.ts'
import { headersOf, LIMITED_RESPONSES, otherResponsesOf, type OperationFacts } from './operations.ts'

/** An operation that is not a tRPC procedure. */
interface OutsideOperation {
  pattern: string
  operation: Json
  facts: OperationFacts
}

const FILE = { method: 'GET', isPublic: false, creates: false, hasTag: false, isFile: true }
const OPEN = { ...FILE, isPublic: true, isFile: false }

/** A schema as the document shows it. */
const shown = (schema: z.ZodType): Json => {
  const { type, required, properties } = z.toJSONSchema(schema)
  return { type, required, properties }
}

/** The operation of a route that sends a file; its path parameters are its verb's input. */
export const fileOperation = (route: RawRoute): OutsideOperation => {
  const { pattern, operationId, summary, tag, contentType, query = {} } = route
  const path = shown(route.verb.input)['properties'] as Json
  const facts = { ...FILE, pattern }
  const content = { [contentType]: { schema: { type: 'string', format: 'binary' } } }
  return {
    pattern,
    facts,
    operation: {
      operationId,
      summary,
      tags: [tag],
      parameters: [
        ...[...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
          name,
          in: 'path',
          required: true,
          schema: path[name ?? ''],
        })),
        ...Object.entries(query).map(([name, description]) => ({
          name,
          in: 'query',
          required: false,
          schema: { type: 'boolean', description, [EXAMPLE]: true },
        })),
      ],
      responses: {
        '200': { description: 'The whole file.', headers: headersOf(facts), content },
        '206': {
          description: 'The requested range.',
          headers: { ...headersOf(facts), 'Content-Range': { $ref: '#/components/headers/Content-Range' } },
          content,
        },
        ...otherResponsesOf(facts),
      },
    },
  }
}

const open = (pattern: string, operationId: string, summary: string, responses: Json): OutsideOperation => ({
  pattern,
  facts: { ...OPEN, pattern },
  operation: { operationId, summary, tags: ['Service'], responses: { ...responses, ...LIMITED_RESPONSES } },
})

const answer = (description: string, contentType: string, schema: Json): Json => ({
  description,
  content: { [contentType]: { schema } },
})

const HEALTH = shown(one(healthSchema))

/** The operations that need no login. */
export const OPEN_OPERATIONS: readonly OutsideOperation[] = [
  open('/openapi.json', 'service-document', 'This document', {
    '200': answer('The document.', 'application/json', { type: 'object' }),
  }),
  open('/docs', 'service-docs', 'Reference page', { '200': answer('The page.', 'text/html', { type: 'string' }) }),
  open('/health', 'service-health', 'Check whether the server works', {
    '200': answer(
      'It works; if `degraded`, the disk is full and all mail is refused until there is room.',
      'application/json',
      HEALTH,
    ),
    '503': answer('The database or the message store does not respond.', 'application/json', HEALTH),
  }),
]
