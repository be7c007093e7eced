import type { IncomingMessage } from 'node:http'
import { credentialOf } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { type RequestInfo, senderOf } from './client.ts'
import { isSafeMethod } from './csrf.ts'
import type { Limits } from './limits.ts'
import { REST, TRPC } from './paths.ts'

const TRPC_LOGIN = /^[^?]*auth\.login/

type Handler = (request: Request, info?: RequestInfo) => Promise<Response>

export type OverLimitOptions = {
  runtime: Pick<Runtime, 'config'>
  limits: Limits
  rest: Handler
  /** Whether REST takes a request for a login. */
  isLogin: (method: string, url: URL) => boolean
  trpc: Handler
}

/**
 * Makes the answer to requests of the API that are over their limits before they reach the framework or the database, which cost far
 * more; null for others. A credential that ended meanwhile is still told to wait until its limit's minute is over.
 */
export const createOverLimit =
  ({ runtime, limits, rest, isLogin, trpc }: OverLimitOptions) =>
  async (request: IncomingMessage): Promise<Response | null> => {
    const { method = '', url = '', headers } = request
    const isRead = isSafeMethod(method)
    const handler = REST.test(url) ? rest : isRead && TRPC.test(url) && !TRPC_LOGIN.test(url) ? trpc : null
    if (handler === null) return null
    const target = new URL(`http://localhost${url}`)
    const { server, web } = runtime.config
    const { authorization = null, cookie = null } = headers
    const exceeded = await limits.exceeded({
      credential: credentialOf(server.public_url, { authorization, cookie }),
      ip: senderOf(request, web.trusted_proxies),
      writes: isRead ? 0 : 1,
      logins: !isRead && handler === rest && isLogin(method, target) ? 1 : 0,
    })
    if (exceeded === null) return null
    const info: RequestInfo = { exceeded }
    return handler(new Request(target, { method }), info)
  }
