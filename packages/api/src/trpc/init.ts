import { initTRPC } from '@trpc/server'
import type { TRPCErrorShape } from '@trpc/server/rpc'
import type { z } from 'zod'
import type { AppError } from '../errors.ts'
import { toAppError } from './errors.ts'
import type { AnyVerb, VerbPermission } from '../verb/index.ts'
import type { RequestContext } from './request-context.ts'

/** What a procedure declares, for the REST layer and the tests of the router. */
export type ProcedureMeta = {
  permission?: VerbPermission
  /** The verb that does its work. */
  verb?: AnyVerb
  openapi?: OpenApiMeta
  /** REST status of success; 200 by default. */
  status?: 201 | 202
  /** The part of an answer that determines its ETag, if the rest can change without the resource; by default all of it. */
  etagOf?: z.ZodType
  /** Maximum size of a REST body: that of the largest message in base64; 1 MB by default. */
  bodyLimit?: 'message'
}

/** The parts of trpc-to-openapi's meta that are used here. */
export type OpenApiMeta = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: `/${string}`
  tags: string[]
  summary: string
  description?: string
  protect: boolean
}

/**
 * The shape of errors in tRPC answers.
 * @param code tRPC's number for the error
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
