import { initTRPC } from '@trpc/server'
import type { Permission } from '../access/index.ts'
import { toAppError } from './errors.ts'
import type { RequestContext } from './request-context.ts'

/** What a procedure says about itself; the router's tests and the REST layer read it. */
export type ProcedureMeta = {
  /** The permission it asks for, `public`, or `signed-in` for what every actor may do. */
  permission?: Permission | 'public' | 'signed-in'
  openapi?: OpenApiMeta
  /** REST status of success; 200 unless said. */
  status?: 201 | 202
  /** Largest REST body in bytes; 1 MB unless said. */
  bodyLimit?: number
}

/** The part of trpc-to-openapi's meta that is used here. */
export type OpenApiMeta = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: `/${string}`
  tags: string[]
  summary: string
  description?: string
  protect: boolean
}

export const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => {
      const appError = toAppError(error)
      return {
        message: appError.message,
        code: shape.code,
        data: {
          code: appError.code,
          httpStatus: appError.status,
          details: appError.details,
          request_id: ctx?.requestId ?? null,
        },
      }
    },
  })
