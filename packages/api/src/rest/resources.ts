import type { z } from 'zod'
import type { ChangeWitness } from '../context.ts'
import { AppError } from '../errors.ts'
import { etagOf, namesTag } from './etag.ts'
import { findOne, type Route } from './routes.ts'

type Params = Readonly<Record<string, string>>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The one resource that an answer holds; null for a list, and for the id alone, which is all that a caller who may not read is told. */
const dataOf = (answer: unknown): Record<string, unknown> | null => {
  const data = isRecord(answer) && !('pagination' in answer) ? answer['data'] : null
  return isRecord(data) && !(Object.keys(data).length === 1 && 'id' in data) ? data : null
}

/** What is known of a resource by the operation that reads it. */
export interface Resource {
  /** The operation that reads it. */
  read: Route
  /** The tag of an answer that holds it; null for one that does not. */
  etag: (answer: unknown, route: Pick<Route, 'method'>) => string | null
  /**
   * Refuses to go on when `If-Match` names no tag of the resource as it was just read.
   * @returns a witness that refuses the change when it finds the resource changed since
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
      // Without an id in its address it is the caller's own, or the only one.
      const own = typeof data?.['id'] === 'string' ? data['id'] : null
      const id = Object.values(params).at(-1) ?? own
      return (_tx, { targetId, before }) => {
        // `*` asks only that it exists.
        if (targetId !== id || header.trim() === '*' || !isRecord(before) || data === null) return
        // What is noted of a removal may say more than the resource does.
        const same = Object.fromEntries(Object.keys(data).map((name) => [name, before[name]]))
        if (tagOf(same) !== tag) throw stale()
      }
    },
  }
}

/** Knows the resources of a set of operations: what reads, changes and makes them follows from the addresses alone. */
export const createResources = (routes: readonly Route[]) => {
  const reads = routes.filter(({ method }) => method === 'GET')
  const byPattern = new Map(reads.map((route) => [route.pattern, resourceOf(route)]))
  return {
    /** The resource at the address of an operation; null when nothing reads it there. */
    at: ({ pattern, method }: Pick<Route, 'pattern' | 'method'>): Resource | null =>
      method === 'POST' ? null : (byPattern.get(pattern) ?? null),
    /** The address of what an operation made, below the base of REST; null when it makes nothing. */
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
