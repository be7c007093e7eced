import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AnswerParts } from '../http/answer-parts.ts'
import type { AnswerRoom, LongAnswer } from '../http/answer-room.ts'
import { ANONYMOUS_LIMIT, isJsonType, readBody } from '../http/body.ts'
import type { BodyRoom } from '../http/body-room.ts'
import { checkJsonBounds } from '../http/json-bounds.ts'
import type { RequestInfo } from '../http/client.ts'
import { isSafeMethod, refuseForeignOrigin, requireSameOrigin } from '../http/csrf.ts'
import { type Limits, type LimitState, requireWithin } from '../http/limits.ts'
import { newRequestId, openRequest } from '../http/open-request.ts'
import { callerOf } from '../http/caller.ts'
import type { ReadTurns } from '../http/read-turns.ts'
import type { ApiMetrics } from '../metrics.ts'
import { errorAnswer, finishAnswer } from '../rest/answer.ts'
import { callsLimit, mayAnswerLong } from './body-limit.ts'
import { logFailure, toAppError, toTrpcError } from './errors.ts'
import { errorShape } from './init.ts'
import { createLongAnswers } from './long-answers.ts'
import type { RequestContext } from './request-context.ts'
import { appRouter } from './root.ts'

/** The path prefix of tRPC. */
export const TRPC_BASE = '/api/trpc'

const MAX_BATCH = 20

export interface TrpcOptions {
  runtime: Runtime
  limits: Limits
  readTurns: ReadTurns
  answers: AnswerRoom
  bodies: BodyRoom
  metrics: ApiMetrics
}

/** What is found out along the way, for the answer. */
interface Progress {
  ctx: RequestContext | null
  limit: LimitState | null
  refusal: AppError | null
}

/** Makes the tRPC handler: the same procedures as REST, behind the same checks, in tRPC's envelope. */
export const createTrpcHandler = ({ runtime, limits, readTurns, answers, bodies, metrics }: TrpcOptions) => {
  return async (request: Request, info?: RequestInfo): Promise<Response> => {
    const began = performance.now()
    const requestId = newRequestId()
    const progress: Progress = { ctx: null, limit: null, refusal: null }
    const response = await answer(request, requestId, progress, info).catch((thrown: unknown) =>
      refusalAnswer(logFailure(runtime, thrown, { request_id: requestId }), requestId),
    )
    const labels = { route: TRPC_BASE, method: request.method, status: response.status }
    metrics.request(labels, (performance.now() - began) / 1000)
    const finished = new Response(response.body, response)
    finished.headers.set('Cache-Control', 'no-store')
    return finishAnswer(finished, { requestId, limit: progress.limit, ctx: progress.ctx })
  }

  async function answer(
    request: Request,
    requestId: string,
    progress: Progress,
    info: RequestInfo | undefined,
  ): Promise<Response> {
    if (info?.exceeded !== undefined) requireWithin(progress, info.exceeded)
    const ctx = await openRequest(runtime, request, info, requestId)
    progress.ctx = ctx
    const { method, signal } = request
    const { actor } = ctx
    const caller = callerOf(actor, ctx.ip)
    const call = (given: Request, parts: AnswerParts) => callProcedures(given, ctx, parts, progress, info)
    if (isSafeMethod(method)) return answers.run(caller, { method, signal }, (parts) => call(request, parts))
    const { public_url: publicUrl } = runtime.config.server
    if (actor === null) refuseForeignOrigin(request, publicUrl)
    else if (actor.sessionId !== null) requireSameOrigin(request, publicUrl)
    const path = pathOf(request)
    const asked = { method, signal, isLongChange: mayAnswerLong(path) }
    if (actor === null) {
      const given = withBody(request, await readBody(request, ANONYMOUS_LIMIT))
      return answers.run(caller, asked, (parts) => call(given, parts))
    }
    // The body is in memory, and counted there, until its calls have ended.
    return bodies.receive(caller, request, callsLimit(path, actor), ({ read }) =>
      answers.run(caller, asked, (parts) => read((body) => call(withBody(request, body), parts))),
    )
  }

  async function callProcedures(
    request: Request,
    opened: RequestContext,
    parts: AnswerParts,
    progress: Progress,
    info: RequestInfo | undefined,
  ): Promise<LongAnswer> {
    const isRead = isSafeMethod(request.method)
    const oneByOne = createChain()
    const long = createLongAnswers(parts)
    const logged = new Set<AppError>()
    const ctx: RequestContext = {
      ...opened,
      // Each call takes a turn: a batch must not run as a whole. Changes are always answered, so only the one before says whether there
      // is room for another.
      inTurn: (work) => {
        const call = () => {
          parts.requireRoom()
          return work()
        }
        return isRead ? readTurns.run(opened.actor, request, call) : oneByOne(() => parts.inTurn(call))
      },
      keep: long.keep,
    }
    const response = await fetchRequestHandler({
      endpoint: TRPC_BASE,
      req: request,
      router: appRouter,
      maxBatchSize: MAX_BATCH,
      // Counts the calls as tRPC parsed them: parsing the path again could miss one.
      createContext: async ({ info: { calls } }) => {
        if (info?.counted === true) return ctx
        const taken = await limits.take({
          actor: ctx.actor,
          credential: ctx.credential,
          ip: ctx.ip,
          calls: calls.length,
          writes: isRead ? 0 : calls.length,
          logins: calls.filter(({ path }) => path === 'auth.login').length,
        })
        progress.refusal = taken.error
        requireWithin(progress, taken)
        return ctx
      },
      responseMeta: ({ errors }) => ({ headers: headersOf(errors.map(toAppError)) }),
      onError: ({ error, path }) => {
        // All calls for which there is no room have one error.
        const failure = toAppError(error)
        if (!logged.has(failure)) logFailure(runtime, error, { request_id: opened.requestId, procedure: path })
        logged.add(failure)
      },
    })
    if (progress.refusal !== null) throw progress.refusal
    return { head: response, content: long.complete(await response.text()) }
  }
}

/** The request with the body that was read of it, once its type and form are checked. */
const withBody = (request: Request, body: Buffer): Request => {
  const contentType = request.headers.get('content-type')
  if (!isJsonType(contentType) && (body.length > 0 || contentType !== null)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.')
  }
  checkJsonBounds(body)
  const headers = new Headers(request.headers)
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  return new Request(request.url, {
    method: request.method,
    headers,
    signal: request.signal,
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  })
}

/** The names of what is called. */
const pathOf = ({ url }: Request): string => {
  const path = new URL(url).pathname.slice(TRPC_BASE.length + 1)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Runs each work after the one before it has ended. */
const createChain = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}

/** The header fields for the errors of procedures. `Retry-After` of a batch is the longest one. */
const headersOf = (errors: readonly AppError[]): Headers => {
  const headers = new Headers()
  for (const error of errors) {
    for (const [name, value] of Object.entries(error.headers)) headers.set(name, value)
  }
  const waits = errors.flatMap(({ retryAfter }) => retryAfter ?? [])
  if (waits.length > 0) headers.set('Retry-After', String(Math.max(...waits)))
  return headers
}

/** The answer to a request that reached no procedure, in tRPC's envelope. Its client applies the one error to each call of a batch. */
const refusalAnswer = (error: AppError, requestId: string): Response =>
  Response.json(
    { error: errorShape(error, TRPC_ERROR_CODES_BY_KEY[toTrpcError(error).code], requestId) },
    { status: error.status, headers: errorAnswer(error, requestId).headers },
  )
