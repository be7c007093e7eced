import { randomUUID } from 'node:crypto'
import { credentialOf, resolveCaller } from '../auth/resolve-actor.ts'
import { requireStanding } from '../auth/standing.ts'
import type { Runtime } from '../context.ts'
import { IDEMPOTENCY_KEY } from '../trpc/idempotency.ts'
import type { RequestContext } from '../trpc/request-context.ts'
import { clientAddress, type RequestInfo } from './client.ts'

/** A new id for a request, for its answer, log lines and audit entries. */
export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '')}`

/** Finds out who sent a request and makes its context. */
export const openRequest = async (
  runtime: Runtime,
  request: Request,
  info: RequestInfo | undefined,
  requestId: string,
): Promise<RequestContext> => {
  const ip = clientAddress(request, info, runtime.config.web.trusted_proxies)
  const credentials = {
    authorization: request.headers.get('authorization'),
    cookie: request.headers.get('cookie'),
    ip,
  }
  const { actor, problem } = info?.caller ?? (await resolveCaller(runtime, credentials))
  return {
    runtime,
    requestId,
    ip,
    credential: credentialOf(runtime.config.server.public_url, credentials),
    userAgent: request.headers.get('user-agent') ?? '',
    actor,
    problem,
    requireStanding: actor === null ? () => Promise.resolve() : requireStanding(runtime, credentials, actor),
    setCookies: [],
    reply: new Headers(),
    idempotencyKey: request.headers.get(IDEMPOTENCY_KEY),
  }
}
