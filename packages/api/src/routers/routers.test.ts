import type { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS } from '../access/index.ts'
import { CREATING_PROCEDURES } from '../contract/index.ts'
import { openApiDocument } from '../rest/document.ts'
import { rawRoutes } from '../rest/raw-routes.ts'
import { createMatcher, findOne, routesOf } from '../rest/routes.ts'
import type { ProcedureMeta } from '../trpc/init.ts'
import { appRouter } from '../trpc/root.ts'

/** Procedures that need no login. A new line here is a decision about security. */
const PUBLIC = ['auth.login', 'setup.complete', 'setup.status']

interface Definition {
  meta?: ProcedureMeta
  type: string
  inputs: z.ZodType[]
  output?: z.ZodType
}

// Cast: tRPC keeps definitions at run time under `_def` but names only part of them in its types.
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: Definition }>)
const routes = routesOf(appRouter)

type Def = {
  type: string
  innerType?: z.ZodType
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  catchall?: z.ZodType
}
const defOf = (schema: z.ZodType): Def => schema._zod.def

const WRAPPERS = new Set(['optional', 'nullable', 'default', 'prefault'])
const unwrap = (schema: z.ZodType): z.ZodType => {
  const { type, innerType } = defOf(schema)
  return WRAPPERS.has(type) && innerType !== undefined ? unwrap(innerType) : schema
}

/** Faults by path: bare booleans and numbers, and objects that accept unknown fields. */
const faults = (schema: z.ZodType, path: string): string[] => {
  const { type, shape, element, catchall } = defOf(unwrap(schema))
  if (type === 'boolean' || type === 'number' || type === 'date' || type === 'bigint') return [`${path}: bare ${type}`]
  if (type === 'array' && element !== undefined) return faults(element, `${path}[]`)
  if (type !== 'object' || shape === undefined) return []
  const open = catchall === undefined || defOf(catchall).type !== 'never' ? [`${path}: accepts unknown fields`] : []
  return [...open, ...Object.entries(shape).flatMap(([key, value]) => faults(value, `${path}.${key}`))]
}

describe('every procedure', () => {
  it.each(procedures)('%s names a permission or is on the public list', (name, { _def }) => {
    const { permission } = _def.meta ?? {}
    expect(permission).toBeDefined()
    expect(permission === 'public').toBe(PUBLIC.includes(name))
    if (permission !== 'public' && permission !== 'signed-in') expect(PERMISSIONS).toContain(permission)
  })

  it.each(procedures)('%s has a strict input without coercible fields, and an output', (name, { _def }) => {
    expect(_def.inputs).toHaveLength(1)
    expect(_def.output).toBeDefined()
    expect(_def.inputs.flatMap((schema) => faults(schema, name))).toEqual([])
  })

  it.each(procedures.filter(([, { _def }]) => _def.meta?.openapi !== undefined))(
    '%s fits its method',
    (_name, { _def }) => {
      const { openapi, permission } = _def.meta ?? {}
      expect(openapi?.summary).not.toBe('')
      expect(openapi?.tags).toHaveLength(1)
      expect(_def.type).toBe(openapi?.method === 'GET' ? 'query' : 'mutation')
      if (permission?.endsWith(':read') === true) expect(openapi?.method).toBe('GET')
    },
  )
})

it('the contract lists every procedure that honours an Idempotency-Key', () => {
  const creating = procedures.filter(([, { _def }]) => _def.meta?.status !== undefined).map(([name]) => name)
  expect([...CREATING_PROCEDURES].sort()).toEqual(creating.sort())
})

describe('the REST routes', () => {
  it('each match their own path; static segments win over parameters', () => {
    const all = [...routes, ...rawRoutes]
    const match = createMatcher(all)
    for (const { method, pattern } of all) {
      const path = pattern.replaceAll(/\{\w+\}/g, 'x')
      expect(match(method, path)?.route.pattern).toBe(pattern)
    }
  })

  it('are unique', () => {
    const names = [...routes, ...rawRoutes].map(
      ({ method, pattern }) => `${method} ${pattern.replaceAll(/\{\w+\}/g, '{}')}`,
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('offer GET at every path that offers PATCH, PUT or DELETE', () => {
    const readable = new Set(routes.filter(({ method }) => method === 'GET').map(({ pattern }) => pattern))
    const changed = routes.filter(({ method }) => method !== 'GET' && method !== 'POST')
    expect(changed.filter(({ pattern }) => !readable.has(pattern)).map(({ pattern }) => pattern)).toEqual([])
  })

  it('offer GET at the Location of every resource they create', () => {
    const made = routes.filter(({ meta }) => meta.status === 201)
    expect(made.length).toBeGreaterThan(6)
    for (const { pattern } of made) expect(findOne(routes, pattern), pattern).toBeDefined()
  })

  it('give the OpenAPI document in openapi.snapshot.json', async () => {
    const document = JSON.stringify(openApiDocument(), null, 2)
    await expect(`${document}\n`).toMatchFileSnapshot('../rest/openapi.snapshot.json')
  })
})
