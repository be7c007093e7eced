import { beginningWith } from '@mairust/db'
import { middlewareMarker } from '@trpc/server/unstable-core-do-not-import'
import { requirePermission, type Actor, type Permission } from '../access/index.ts'
import { unauthorized } from '../auth/resolve-actor.ts'
import type { ServiceContext } from '../context.ts'
import { bindCursor, explainCursor, unbindCursor } from './cursors.ts'
import { toAppError, toTrpcError } from './errors.ts'
import { runOnce } from './idempotency.ts'
import { t, type OpenApiMeta, type ProcedureMeta } from './init.ts'
import type { RequestContext } from './request-context.ts'

/** How a procedure appears in REST; left out, it is tRPC only. */
export interface RestOptions {
  method: OpenApiMeta['method']
  path: OpenApiMeta['path']
  tag: string
  summary: string
  description?: string
  status?: 201 | 202
  bodyLimit?: number
  etagOf?: ProcedureMeta['etagOf']
}

const toMeta = (permission: NonNullable<ProcedureMeta['permission']>, rest: RestOptions | undefined): ProcedureMeta =>
  rest === undefined
    ? { permission }
    : {
        permission,
        ...(rest.status === undefined ? {} : { status: rest.status }),
        ...(rest.bodyLimit === undefined ? {} : { bodyLimit: rest.bodyLimit }),
        ...(rest.etagOf === undefined ? {} : { etagOf: rest.etagOf }),
        openapi: {
          method: rest.method,
          path: rest.path,
          tags: [rest.tag],
          summary: rest.summary,
          ...(rest.description === undefined ? {} : { description: rest.description }),
          protect: permission !== 'public',
        },
      }

/** What a verb is given: the process, and who asks. */
export const serviceContext = (ctx: RequestContext, actor: Actor): ServiceContext => ({
  ...ctx.runtime,
  db: beginningWith(ctx.runtime.db, ctx.requireStanding),
  actor,
  requestId: ctx.requestId,
  ip: ctx.ip,
  witness: ctx.witness,
})

/** Turns what services throw into tRPC's errors, so that both transports answer alike, and ties cursors to their lists. */
const base = t.procedure.use(async ({ next, path, getRawInput }) => {
  const raw = await getRawInput()
  const result = await next({ getRawInput: () => Promise.resolve(unbindCursor(path, raw)) })
  if (!result.ok) throw toTrpcError(explainCursor(toAppError(result.error)))
  return { ...result, data: bindCursor(path, raw, result.data) }
})

const signedIn = base.use(({ ctx, next }) => {
  if (ctx.actor === null) throw unauthorized(ctx.problem)
  return next({ ctx: { ...ctx, actor: ctx.actor, service: serviceContext(ctx, ctx.actor) } })
})

/** A procedure that asks for a permission by name. Verbs get `ctx.service`. */
export const procedure = (permission: Permission, rest?: RestOptions) =>
  signedIn.meta(toMeta(permission, rest)).use(async ({ ctx, next, path, getRawInput }) => {
    requirePermission(ctx, permission)
    const run = (witness = ctx.witness) => next({ ctx: { service: { ...ctx.service, witness } } })
    const key = rest?.status === undefined ? null : ctx.idempotencyKey
    if (key === null) return run()
    const once = await runOnce(ctx.service, { key, request: [path, await getRawInput()] }, run)
    if (!once.replayed) return once.result
    ctx.reply.set('Idempotency-Replayed', 'true')
    return { ok: true as const, data: once.data, marker: middlewareMarker }
  })

/** A procedure for everybody who is signed in, whatever they may do. */
export const signedInProcedure = (rest?: RestOptions) => signedIn.meta(toMeta('signed-in', rest))

/** A procedure that needs no login. Each of them is on the list in routers.test.ts. */
export const publicProcedure = (rest?: RestOptions) => base.meta(toMeta('public', rest))
