import { guardTransactions } from '@mairust/db'
import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'
import { middlewareMarker } from '@trpc/server/unstable-core-do-not-import'
import type { z } from 'zod'
import type { Actor } from '../access/index.ts'
import { unauthorized } from '../auth/resolve-actor.ts'
import type { PublicContext, ServiceContext } from '../context.ts'
import { admit, type AnyVerb, type AuditRule, type Verb } from '../verb/index.ts'
import { one } from '../wire/index.ts'
import { bindCursor, explainCursor, unbindCursor } from './cursors.ts'
import { toAppError, toTrpcError } from './errors.ts'
import { runOnce } from './idempotency.ts'
import { t, type OpenApiMeta, type ProcedureMeta } from './init.ts'
import type { RequestContext } from './request-context.ts'

/** How a query appears in REST; without it, it is available over tRPC only. */
interface QueryOptions {
  path: OpenApiMeta['path']
  tag: string
  summary: string
  description?: string
  etagOf?: ProcedureMeta['etagOf']
}

/** How a mutation appears in REST; without it, it is available over tRPC only. */
interface MutationOptions extends Omit<QueryOptions, 'etagOf'> {
  method: Exclude<OpenApiMeta['method'], 'GET'>
  status?: 201 | 202
  bodyLimit?: 'message'
  /** Reads what it created, for a repeated request; without it, the answer is kept. */
  reread?: (ctx: ServiceContext, id: string) => Promise<unknown>
}

/** A verb that a procedure can call, whichever context it takes. */
type Callable<Input extends z.ZodType, Output extends z.ZodType, Rule extends AuditRule | undefined> = Verb<
  ServiceContext & PublicContext,
  Input,
  Output,
  Rule
>

/** Replaces the verb's own answer, and may set header fields. */
interface Reply<Answer, Output extends z.ZodType> {
  output: Output
  of: (answer: Answer, ctx: RequestContext) => z.output<Output>
}

interface Published<Input extends z.ZodType, Output> {
  input: z.input<Input>
  output: Output
  meta: ProcedureMeta
}

// Casts, here and below: tRPC's builder infers types from concrete schemas, which differ from verb to verb.

/** Makes the procedure of a verb that reads one resource. */
export const query = <Input extends z.ZodType, Output extends z.ZodType>(
  verb: Callable<Input, Output, undefined>,
  rest?: QueryOptions,
) => {
  const made = admitted(verb, rest && { method: 'GET', ...rest })
    .output(one<z.ZodType>(verb.output))
    .query(async ({ ctx, input }) => ({ data: await verb.run(ctx.service, input as z.output<Input>) }))
  return made as unknown as TRPCQueryProcedure<Published<Input, { data: z.output<Output> }>>
}

/** Makes the procedure of a verb that returns a list, page by page. */
export const list = <Input extends z.ZodType, Output extends z.ZodType>(
  verb: Callable<Input, Output, undefined>,
  rest?: QueryOptions,
) => {
  const output: z.ZodType = verb.output
  const made = admitted(verb, rest && { method: 'GET', ...rest })
    .output(output)
    .query(({ ctx, input }) => verb.run(ctx.service, input as z.output<Input>))
  return made as unknown as TRPCQueryProcedure<Published<Input, z.output<Output>>>
}

/** Makes the procedure of a verb that changes something. */
export const mutation = <Input extends z.ZodType, Output extends z.ZodType, Replied extends z.ZodType = Output>(
  verb: Callable<Input, Output, AuditRule>,
  rest?: MutationOptions,
  reply?: Reply<z.output<Output>, Replied>,
) => {
  const made = admitted(verb, rest)
    .output(one<z.ZodType>(reply?.output ?? verb.output))
    .mutation(async ({ ctx, input }) => {
      const answer = await verb.run(ctx.service, input as z.output<Input>)
      return { data: reply === undefined ? answer : reply.of(answer, ctx) }
    })
  return made as unknown as TRPCMutationProcedure<Published<Input, { data: z.output<Replied> }>>
}

const toMeta = (verb: AnyVerb, rest: RestOptions | undefined): ProcedureMeta =>
  rest === undefined
    ? { permission: verb.permission, verb }
    : {
        permission: verb.permission,
        verb,
        ...(rest.status === undefined ? {} : { status: rest.status }),
        ...(rest.bodyLimit === undefined ? {} : { bodyLimit: rest.bodyLimit }),
        ...(rest.etagOf === undefined ? {} : { etagOf: rest.etagOf }),
        openapi: {
          method: rest.method,
          path: rest.path,
          tags: [rest.tag],
          summary: rest.summary,
          ...(rest.description === undefined ? {} : { description: rest.description }),
          protect: verb.permission !== 'public',
        },
      }

interface RestOptions extends Omit<MutationOptions, 'method'>, QueryOptions {
  method: OpenApiMeta['method']
}

/** The context of a verb: the runtime, and who makes the request. */
export const serviceContext = (ctx: RequestContext, actor: Actor): ServiceContext => ({
  ...ctx.runtime,
  db: guardTransactions(ctx.runtime.db, ctx.requireStanding),
  actor,
  requestId: ctx.requestId,
  ip: ctx.ip,
  witness: ctx.witness,
})

const publicContext = ({ runtime, requestId, ip, userAgent }: RequestContext): PublicContext => ({
  ...runtime,
  requestId,
  ip,
  userAgent,
})

/** Converts what services throw into tRPC's errors, so that both transports answer alike, and binds cursors to their lists. */
const base = t.procedure.use(async ({ ctx, next, path, getRawInput }) => {
  const raw = await getRawInput()
  const run = async () => {
    const result = await next({ getRawInput: () => Promise.resolve(unbindCursor(path, raw)) })
    if (!result.ok) throw result.error
    const data = bindCursor(path, raw, result.data)
    return { ...result, data: ctx.keep === undefined ? data : ctx.keep(data) }
  }
  try {
    return await (ctx.inTurn === undefined ? run() : ctx.inTurn(run))
  } catch (error) {
    throw toTrpcError(explainCursor(toAppError(error)))
  }
})

/** A procedure that checks the verb's permission and parses its input, so that only the verb's work is left. */
const admitted = (verb: AnyVerb, rest?: RestOptions) =>
  base
    .meta(toMeta(verb, rest))
    .use(async ({ ctx, next, path, getRawInput }) => {
      // Cast: each verb takes the context that belongs to its permission.
      const given = (service: ServiceContext | PublicContext) =>
        next({ ctx: { service: service as ServiceContext & PublicContext } })
      if (verb.permission === 'public') return given(publicContext(ctx))
      if (ctx.actor === null) throw unauthorized(ctx.problem)
      const service = serviceContext(ctx, ctx.actor)
      admit(service, verb.permission)
      const run = (witness = ctx.witness) => given({ ...service, witness })
      const key = rest?.status === undefined ? null : ctx.idempotencyKey
      if (key === null) return run()
      const reread = rest?.reread === undefined ? undefined : rest.reread.bind(null, service)
      const once = await runOnce(service, { key, request: [path, await getRawInput()], reread }, run)
      if (!once.replayed) return once.result
      ctx.reply.set('Idempotency-Replayed', 'true')
      return { ok: true as const, data: once.data, marker: middlewareMarker }
    })
    .input(verb.input)
