import { unauthorized } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AnswerRoom } from '../http/answer-room.ts'
import { jsonObjectOf, readBody } from '../http/body.ts'
import { type BodyRoom, messageBodyLimit } from '../http/body-room.ts'
import type { RequestInfo } from '../http/client.ts'
import { isSafeMethod, refuseForeignOrigin, requireSameOrigin } from '../http/csrf.ts'
import { type Limits, type LimitState, requireWithin } from '../http/limits.ts'
import { newRequestId, openRequest } from '../http/open-request.ts'
import { callerOf } from '../http/caller.ts'
import type { ReadTurns } from '../http/read-turns.ts'
import type { Shortness } from '../http/short-answers.ts'
import type { ApiMetrics } from '../metrics.ts'
import { logFailure } from '../trpc/errors.ts'
import { jsonLimitOf } from '../trpc/body-limit.ts'
import type { RequestContext } from '../trpc/request-context.ts'
import { appRouter } from '../trpc/root.ts'
import { admit } from '../verb/index.ts'
import { errorAnswer, finishAnswer } from './answer.ts'
import { answerProcedure, answerRaw, type Call } from './call.ts'
import { readQuery } from './input.ts'
import { openRoutes, type OpenRoute } from './open-routes.ts'
import type { RawRoute } from './raw-route.ts'
import { rawRoutes } from './raw-routes.ts'
import { createMatcher, type Match, REST_BASE, type Route, routesOf } from './routes.ts'

type AnyRoute = (Route & { kind: 'procedure' }) | (RawRoute & { kind: 'raw' }) | (OpenRoute & { kind: 'open' })

export interface RestOptions {
  runtime: Runtime
  limits: Limits
  readTurns: ReadTurns
  answers: AnswerRoom
  metrics: ApiMetrics
  /** File with the script of the reference page. */
  docsScriptPath: string | null
  health: () => Promise<Response>
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
 * with its result or error in the contract's shape. `isLogin` tells which requests the limits count as logins, `shortness` which need no
 * framework.
 */
export const createRestHandler = ({
  runtime,
  limits,
  readTurns,
  answers,
  metrics,
  docsScriptPath,
  health,
  bodies,
}: RestOptions) => {
  const match = createMatcher<AnyRoute>([
    ...routesOf(appRouter).map((route) => ({ ...route, kind: 'procedure' as const })),
    ...rawRoutes.map((route) => ({ ...route, kind: 'raw' as const })),
    ...openRoutes(health, docsScriptPath).map((route) => ({ ...route, kind: 'open' as const })),
  ])

  /** HEAD is answered like GET; the server drops the body. */
  const find = (method: string, url: URL) => match(method === 'HEAD' ? 'GET' : method, pathOf(url))

  const handle = async (request: Request, info?: RequestInfo): Promise<Response> => {
    const began = performance.now()
    const requestId = newRequestId()
    const url = new URL(request.url)
    const found = find(request.method, url)
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

  return {
    handle,
    isLogin: (method: string, url: URL) => callsLogin(find(method, url)),
    shortness: (method: string, url: URL) => shortnessOf(find(method, url)),
  }

  async function answer(
    request: Request,
    url: URL,
    found: Match<AnyRoute> | null,
    requestId: string,
    progress: Progress,
    info: RequestInfo | undefined,
  ): Promise<Response> {
    if (info?.exceeded !== undefined) requireWithin(progress, info.exceeded)
    const ctx = await openRequest(runtime, request, info, requestId)
    progress.ctx = ctx
    const taken = await limits.take({
      actor: ctx.actor,
      credential: ctx.credential,
      ip: ctx.ip,
      calls: 1,
      writes: isSafeMethod(request.method) ? 0 : 1,
      logins: callsLogin(found) ? 1 : 0,
    })
    requireWithin(progress, taken)
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

const shortnessOf = (found: Match<AnyRoute> | null): Shortness => {
  if (found === null || found.route.kind === 'raw') return 'for-strangers'
  const { route } = found
  // The document and its page are long.
  if (route.kind === 'open') return route.pattern === '/health' ? 'always' : 'never'
  return route.meta.permission === 'public' && route.method !== 'GET' ? 'never' : 'for-strangers'
}

const callsLogin = (found: Match<AnyRoute> | null): boolean =>
  found?.route.kind === 'procedure' && found.route.procedure === 'auth.login'

const pathOf = (url: URL): string => {
  const path = url.pathname.startsWith(REST_BASE) ? url.pathname.slice(REST_BASE.length) : url.pathname
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
