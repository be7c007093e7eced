import { initTRPC } from '@trpc/server'
import type { TRPCErrorShape } from '@trpc/server/rpc'
import type { z } from 'zod'
import type { AppError } from '../errors.ts'
import { toAppError } from './errors.ts'
import type { AnyVerb, VerbPermission } from '../verb/index.ts'
import type { RequestContext } from './request-context.ts'

/** What a procedure says about itself; the router's tests and the REST layer read it. */
export type ProcedureMeta = {
  permission?: VerbPermission
  /** The verb that does its work. */
  verb?: AnyVerb
  openapi?: OpenApiMeta
  /** REST status of success; 200 unless said. */
  status?: 201 | 202
  /** What of an answer its ETag is made of, where the rest changes without the resource; all of it unless said. */
  etagOf?: z.ZodType
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

/**
 * An error as every answer over tRPC carries it.
 * @param code the number that tRPC has for it
 */
export const errorShape = (error: AppError, code: TRPCErrorShape['code'], requestId: string | null) => ({
  message: error.message,
  code,
  data: { code: error.code, httpStatus: error.status, details: error.details, request_id: requestId },
})

export const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => errorShape(toAppError(error), shape.code, ctx?.requestId ?? null),
  })
