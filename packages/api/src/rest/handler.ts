import { callTRPCProcedure } from '@trpc/server'
import { unauthorized } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AnswerRoom, LongAnswer } from '../http/answer-room.ts'
import { jsonObjectOf, readBody } from '../http/body.ts'
import { type BodyRoom, messageBodyLimit } from '../http/body-room.ts'
import type { RequestInfo } from '../http/client.ts'
import { jsonContent } from '../http/content.ts'
import { isSafeMethod, refuseForeignOrigin, requireSameOrigin } from '../http/csrf.ts'
import type { Limits, LimitState } from '../http/limits.ts'
import { newRequestId, openRequest } from '../http/open-request.ts'
import { callerOf } from '../http/caller.ts'
import type { ReadTurns } from '../http/read-turns.ts'
import type { ApiMetrics } from '../metrics.ts'
import { logFailure, toAppError } from '../trpc/errors.ts'
import { jsonLimitOf } from '../trpc/body-limit.ts'
import { serviceContext } from '../trpc/procedures.ts'
import type { RequestContext } from '../trpc/request-context.ts'
import { appRouter } from '../trpc/root.ts'
import { admit } from '../verb/index.ts'
import { errorAnswer, finishAnswer, jsonHead } from './answer.ts'
import { namesTag } from './etag.ts'
import { explainRepeated, readQuery, withParams } from './input.ts'
import { openRoutes, type OpenRoute } from './open-routes.ts'
import type { RawRoute } from './raw-route.ts'
import { answerFile } from './ranges.ts'
import { rawRoutes } from './raw-routes.ts'
import { createResources } from './resources.ts'
import { createMatcher, routesOf, type Match, type Route } from './routes.ts'

/** The path prefix of REST. */
export const REST_BASE = '/api/v1'

type AnyRoute = (Route & { kind: 'procedure' }) | (RawRoute & { kind: 'raw' }) | (OpenRoute & { kind: 'open' })

export interface RestOptions {
  runtime: Runtime
  limits: Limits
  readTurns: ReadTurns
  answers: AnswerRoom
  metrics: ApiMetrics
  /** File with the script of the reference page. */
  docsScriptPath: string | null
  bodies: BodyRoom
}

/** Reads what is given, and keeps it while `work` runs. */
type Input = <Result>(work: (given: Record<string, unknown>) => Promise<Result>) => Promise<Result>

/** What is found out along the way, for the header of the answer. */
interface Progress {
  ctx: RequestContext | null
  limit: LimitState | null
}

/**
 * Makes the REST handler: it finds the route, authenticates, applies limits, reads the input, calls the procedure and answers
 * with its result or error in the contract's shape.
 */
export const createRestHandler = ({
  runtime,
  limits,
  readTurns,
  answers,
  metrics,
  docsScriptPath,
  bodies,
}: RestOptions) => {
  const match = createMatcher<AnyRoute>([
    ...routesOf(appRouter).map((route) => ({ ...route, kind: 'procedure' as const })),
    ...rawRoutes.map((route) => ({ ...route, kind: 'raw' as const })),
    ...openRoutes(runtime, docsScriptPath).map((route) => ({ ...route, kind: 'open' as const })),
  ])

  return async (request: Request, info?: RequestInfo): Promise<Response> => {
    const began = performance.now()
    const requestId = newRequestId()
    const url = new URL(request.url)
    const found = match(methodOf(request), pathOf(url))
    const progress: Progress = { ctx: null, limit: null }
    const response = await answer(request, url, found, requestId, progress, info).catch((thrown: unknown) =>
      errorAnswer(logFailure(runtime, thrown, { request_id: requestId }), requestId),
    )
    metrics.request(
      { route: found?.route.pattern ?? 'unknown', method: request.method, status: response.status },
      (performance.now() - began) / 1000,
    )
    return finishAnswer(response, { requestId, limit: progress.limit, ctx: progress.ctx })
  }

  async function answer(
    request: Request,
    url: URL,
    found: Match<AnyRoute> | null,
    requestId: string,
    progress: Progress,
    info: RequestInfo | undefined,
  ): Promise<Response> {
    if (info?.exceeded !== undefined) {
      progress.limit = info.exceeded.state
      throw info.exceeded.error
    }
    const ctx = await openRequest(runtime, request, info, requestId)
    progress.ctx = ctx
    const isLogin = found?.route.kind === 'procedure' && found.route.procedure === 'auth.login'
    const taken = await limits.take({
      actor: ctx.actor,
      credential: ctx.credential,
      ip: ctx.ip,
      calls: 1,
      writes: isSafeMethod(request.method) ? 0 : 1,
      logins: isLogin ? 1 : 0,
    })
    progress.limit = taken.state
    if (taken.error !== null) throw taken.error
    if (found === null) throw new AppError('NOT_FOUND', 'There is nothing at this address.')
    const { route, params } = found
    if (route.kind === 'open') return route.handle(request)
    if (ctx.actor === null && (route.kind === 'raw' || route.meta.permission !== 'public')) {
      throw unauthorized(ctx.problem)
    }
    checkOrigin(request, ctx)
    const call = { ctx, request, params, query: url.searchParams }
    return readTurns.run(ctx.actor, request, () =>
      route.kind === 'raw'
        ? answerRaw(route, call)
        : withInput(route, call, (input) =>
            answers.run(callerOf(ctx.actor, ctx.ip), askedOf(request, route), ({ inTurn }) =>
              inTurn(() => input((given) => answerProcedure(route, call, given))),
            ),
          ),
    )
  }

  /** Reads what is given, but nothing for who may not call the procedure anyway. */
  async function withInput(
    route: Route,
    { ctx, request, query }: Call,
    use: (input: Input) => Promise<Response>,
  ): Promise<Response> {
    const { permission = 'public' } = route.meta
    if (ctx.actor !== null && permission !== 'public') admit({ actor: ctx.actor }, permission)
    if (route.method === 'GET' || route.method === 'DELETE') {
      const given = readQuery(query)
      return use((work) => work(given))
    }
    const limit = bodyLimitOf(route, runtime)
    if (ctx.actor === null) {
      const given = jsonObjectOf(request, await readBody(request, limit))
      return use((work) => work(given))
    }
    // What is read has all that it waits for: its memory is never held idle.
    return bodies.receive(callerOf(ctx.actor, ctx.ip), request, limit, ({ read }) =>
      use((work) => read((body) => work(jsonObjectOf(request, body)))),
    )
  }

  function checkOrigin(request: Request, ctx: RequestContext): void {
    if (isSafeMethod(request.method)) return
    const { public_url: publicUrl } = runtime.config.server
    if (ctx.actor === null) refuseForeignOrigin(request, publicUrl)
    else if (ctx.actor.sessionId !== null) requireSameOrigin(request, publicUrl)
  }
}

interface Call {
  ctx: RequestContext
  request: Request
  params: Record<string, string>
  query: URLSearchParams
}

const answerRaw = async (route: RawRoute, { ctx, request, params, query }: Call): Promise<Response> => {
  if (ctx.actor === null) throw unauthorized(ctx.problem)
  try {
    return await answerFile(request, await route.open({ ctx: serviceContext(ctx, ctx.actor), params, query }))
  } catch (thrown) {
    throw idsAsNotFound(toAppError(thrown), params)
  }
}

const resources = createResources(routesOf(appRouter))

const answerProcedure = async (
  route: Route,
  call: Call,
  given: Record<string, unknown>,
): Promise<Response | LongAnswer> => {
  const { request, params } = call
  const resource = resources.at(route)
  const ifMatch = request.headers.get('if-match')
  const witness =
    route.method === 'GET' || resource === null || ifMatch === null
      ? undefined
      : resource.requireMatch(ifMatch, await callProcedure(resource.read, call, {}), params)
  const answer = await callProcedure(route, { ...call, ctx: { ...call.ctx, witness } }, given)
  const head = jsonHead(route.meta.status ?? 200)
  const etag = resource?.etag(answer, route) ?? null
  if (etag !== null) head.headers.set('ETag', etag)
  const location = resources.locationOf(route, params, answer)
  if (location !== null) head.headers.set('Location', `${REST_BASE}${location}`)
  const ifNoneMatch = route.method === 'GET' && etag !== null ? request.headers.get('if-none-match') : null
  return etag !== null && ifNoneMatch !== null && namesTag(ifNoneMatch, etag, true)
    ? new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': 'no-store' } })
    : { head, content: jsonContent(answer) }
}

const callProcedure = (
  route: Route,
  { ctx, request, params }: Call,
  given: Record<string, unknown>,
): Promise<unknown> => {
  const input = withParams(given, params)
  return callTRPCProcedure({
    router: appRouter,
    path: route.procedure,
    getRawInput: () => Promise.resolve(input),
    ctx,
    type: route.method === 'GET' ? 'query' : 'mutation',
    signal: request.signal,
    batchIndex: 0,
  }).catch((thrown: unknown) => {
    throw idsAsNotFound(explainRepeated(toAppError(thrown)), params)
  })
}

/** What takes whole messages answers with them. */
const askedOf = ({ method, signal }: Request, { meta }: Route) => ({
  method,
  signal,
  isLongChange: meta.bodyLimit === 'message',
})

const bodyLimitOf = ({ meta }: Route, { maxMessageBytes }: Pick<Runtime, 'maxMessageBytes'>): number => {
  if (meta.bodyLimit === 'message') return messageBodyLimit(maxMessageBytes())
  return jsonLimitOf(meta)
}

/** A malformed id in the path gives 404, like one that does not exist. */
const idsAsNotFound = (error: AppError, params: Record<string, string>): AppError =>
  error.code === 'VALIDATION_ERROR' && error.details.some(({ field }) => Object.hasOwn(params, field))
    ? new AppError('NOT_FOUND', 'There is nothing at this address.', { cause: error })
    : error

/** HEAD is answered like GET; the server drops the body. */
const methodOf = (request: Request): string => (request.method === 'HEAD' ? 'GET' : request.method)

const pathOf = (url: URL): string => {
  const path = url.pathname.startsWith(REST_BASE) ? url.pathname.slice(REST_BASE.length) : url.pathname
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
