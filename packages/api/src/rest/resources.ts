import type { z } from 'zod'
import type { ChangeWitness } from '../context.ts'
import { AppError } from '../errors.ts'
import { etagOf, namesTag } from './etag.ts'
import { findOne, type Route } from './routes.ts'

type Params = Readonly<Record<string, string>>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The resource in an answer; null for a list, and for an id alone, which is the answer to a caller who may not read it. */
const dataOf = (answer: unknown): Record<string, unknown> | null => {
  const data = isRecord(answer) && !('pagination' in answer) ? answer['data'] : null
  return isRecord(data) && !(Object.keys(data).length === 1 && 'id' in data) ? data : null
}

/** A resource, by the operation that reads it. */
export interface Resource {
  /** The operation that reads it. */
  read: Route
  /** The entity tag for an answer with the resource; null for an answer without it. */
  etag: (answer: unknown, route: Pick<Route, 'method'>) => string | null
  /**
   * Checks that `If-Match` lists the tag of the resource as just read.
   * @returns a witness that refuses the change if the resource has changed since
   * @throws AppError PRECONDITION_FAILED
   */
  requireMatch: (header: string, answer: unknown, params: Params) => ChangeWitness
}

const stale = (): AppError =>
  new AppError('PRECONDITION_FAILED', 'This has changed since you read it. Read it again before you change it.')

const resourceOf = (read: Route): Resource => {
  const schema: z.ZodType | undefined = read.meta.etagOf
  const tagOf = (data: unknown): string => etagOf(schema === undefined ? data : schema.parse(data))
  return {
    read,
    etag: (answer, { method }) => {
      const data = method === 'DELETE' ? null : dataOf(answer)
      return data === null ? null : tagOf(data)
    },
    requireMatch: (header, answer, params) => {
      const data = dataOf(answer)
      const tag = tagOf(data)
      if (!namesTag(header, tag, false)) throw stale()
      // Without an id in the path it is the caller's own resource, or the only one.
      const own = typeof data?.['id'] === 'string' ? data['id'] : null
      const id = Object.values(params).at(-1) ?? own
      return (_tx, { targetId, before }) => {
        // `*` requires only that it exists.
        if (targetId !== id || header.trim() === '*' || !isRecord(before) || data === null) return
        // The audit entry of a removal may have more fields than the resource.
        const same = Object.fromEntries(Object.keys(data).map((name) => [name, before[name]]))
        if (tagOf(same) !== tag) throw stale()
      }
    },
  }
}

/** Finds the resources of a set of operations: the paths alone show which operation reads, changes or creates them. */
export const createResources = (routes: readonly Route[]) => {
  const reads = routes.filter(({ method }) => method === 'GET')
  const byPattern = new Map(reads.map((route) => [route.pattern, resourceOf(route)]))
  return {
    /** The resource at the path of an operation; null if no operation reads it there. */
    at: ({ pattern, method }: Pick<Route, 'pattern' | 'method'>): Resource | null =>
      method === 'POST' ? null : (byPattern.get(pattern) ?? null),
    /** The path of what an operation created, below the REST prefix; null if it creates nothing. */
    locationOf: (route: Route, params: Params, answer: unknown): string | null => {
      const data = isRecord(answer) ? answer['data'] : null
      if (route.meta.status !== 201 || !isRecord(data) || typeof data['id'] !== 'string') return null
      const pattern = findOne(routes, route.pattern)?.pattern
      if (pattern === undefined) return null
      const parent = route.pattern.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
        encodeURIComponent(params[name] ?? ''),
      )
      return `${parent}/${encodeURIComponent(data['id'])}`
    },
  }
}
