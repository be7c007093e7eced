import { callTRPCProcedure } from '@trpc/server'
import { unauthorized } from '../auth/resolve-actor.ts'
import { AppError } from '../errors.ts'
import type { LongAnswer } from '../http/answer-room.ts'
import { jsonContent } from '../http/content.ts'
import { toAppError } from '../trpc/errors.ts'
import { serviceContext } from '../trpc/procedures.ts'
import type { RequestContext } from '../trpc/request-context.ts'
import { appRouter } from '../trpc/root.ts'
import { jsonHead } from './answer.ts'
import { namesTag } from './etag.ts'
import { explainRepeated, withParams } from './input.ts'
import { answerFile } from './ranges.ts'
import type { RawRoute } from './raw-route.ts'
import { createResources } from './resources.ts'
import { REST_BASE, type Route, routesOf } from './routes.ts'

/** A request that found its route. */
export interface Call {
  ctx: RequestContext
  request: Request
  params: Record<string, string>
  query: URLSearchParams
}

/** Answers with a file. */
export const answerRaw = async (route: RawRoute, { ctx, request, params, query }: Call): Promise<Response> => {
  if (ctx.actor === null) throw unauthorized(ctx.problem)
  try {
    return await answerFile(request, await route.open({ ctx: serviceContext(ctx, ctx.actor), params, query }))
  } catch (thrown) {
    throw idsAsNotFound(toAppError(thrown), params)
  }
}

const resources = createResources(routesOf(appRouter))

/** Answers with what a procedure returns; a resource is answered with its tag, and looked at by that before it is changed. */
export const answerProcedure = async (
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

/** A malformed id in the path gives 404, like one that does not exist. */
const idsAsNotFound = (error: AppError, params: Record<string, string>): AppError =>
  error.code === 'VALIDATION_ERROR' && error.details.some(({ field }) => Object.hasOwn(params, field))
    ? new AppError('NOT_FOUND', 'There is nothing at this address.', { cause: error })
    : error
