import type { AnyRouter } from '@trpc/server'
import type { ProcedureMeta } from '../trpc/init.ts'

/** The path prefix of REST. */
export const REST_BASE = '/api/v1'

/** A REST operation: its path, and the procedure that answers. */
export interface Route {
  method: string
  /** `/domains/{id}`; also a label of the metrics. */
  pattern: string
  procedure: string
  meta: ProcedureMeta
}

export interface Match<R extends { method: string; pattern: string }> {
  route: R
  /** Path parameters, URL-decoded. */
  params: Record<string, string>
}

/** The procedures of a router that have `openapi` in their meta, in the order of declaration. */
export const routesOf = (router: AnyRouter): Route[] =>
  Object.entries(router._def.procedures as Record<string, { _def: { meta?: ProcedureMeta } }>).flatMap(
    ([procedure, { _def }]) => {
      const { meta } = _def
      if (meta?.openapi === undefined) return []
      return [{ method: meta.openapi.method, pattern: meta.openapi.path, procedure, meta }]
    },
  )

/** The operation that reads one item of a collection: `/tags/{id}` for `/tags`. */
export const findOne = (routes: readonly Route[], collection: string): Route | undefined =>
  routes.find(
    ({ method, pattern }) =>
      method === 'GET' && pattern.startsWith(`${collection}/{`) && !pattern.slice(collection.length + 1).includes('/'),
  )

/**
 * Makes a function that finds the route of a request. A static segment wins over a parameter; a path that is not valid
 * percent-encoding matches nothing.
 */
export const createMatcher = <R extends { method: string; pattern: string }>(routes: readonly R[]) => {
  const compiled = routes
    .map((route) => ({ route, segments: route.pattern.split('/').slice(1) }))
    .sort((a, b) => weight(a.segments) - weight(b.segments))
  return (method: string, path: string): Match<R> | null => {
    const given = path.split('/').slice(1)
    for (const { route, segments } of compiled) {
      if (route.method !== method || segments.length !== given.length) continue
      const params = matchSegments(segments, given)
      if (params !== null) return { route, params }
    }
    return null
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{')

/** Orders `/messages/batch` before `/messages/{id}`: parameters weigh more, early ones most. */
const weight = (segments: readonly string[]): number =>
  segments.reduce((sum, segment, index) => sum + (isParameter(segment) ? 2 ** (16 - index) : 0), 0)

const matchSegments = (segments: readonly string[], given: readonly string[]): Record<string, string> | null => {
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? ''
    if (!isParameter(segment)) {
      if (segment !== value) return null
      continue
    }
    const decoded = decode(value)
    if (decoded === null || decoded === '') return null
    params[segment.slice(1, -1)] = decoded
  }
  return params
}

const decode = (value: string): string | null => {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
