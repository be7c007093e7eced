import type { IncomingMessage } from 'node:http'
import { credentialOf, resolveCaller } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { type RequestInfo, senderOf } from './client.ts'
import { isSafeMethod } from './csrf.ts'
import { HEALTH, REST, TRPC } from './paths.ts'

type Handler = (request: Request, info?: RequestInfo) => Promise<Response>

/** For whom an answer is short and made without a body: who is not signed in gets nothing but refusals and a few facts. */
export type Shortness = 'always' | 'for-strangers' | 'never'

export type ShortAnswersOptions = {
  runtime: Runtime
  rest: Handler
  /** What REST says of a request. */
  shortness: (method: string, url: URL) => Shortness
  trpc: Handler
  /** The answer to `/api/health`. */
  health: () => Promise<Response>
}

/** What says who asks, and from where. */
const FIELDS = ['authorization', 'cookie', 'user-agent', 'x-forwarded-for'] as const

/**
 * Makes the answers to requests of the API that need nothing of the framework, through which each of them would take a hundred times as
 * long: the health, and whatever strangers ask that has no body to read. Null for all others. A credential that is not known is looked up
 * first, since anybody may make one up.
 */
export const createShortAnswers =
  ({ runtime, rest, shortness, trpc, health }: ShortAnswersOptions) =>
  async (request: IncomingMessage): Promise<Response | null> => {
    const { method = '', url = '', headers, socket } = request
    const isRead = isSafeMethod(method)
    if (HEALTH.test(url)) return isRead ? health() : null
    const target = new URL(`http://localhost${url}`)
    const isRest = REST.test(url)
    const short = isRest ? shortness(method, target) : isRead && TRPC.test(url) ? 'for-strangers' : 'never'
    if (short === 'never') return null
    const given = new Headers()
    for (const name of FIELDS) {
      const value = headers[name]
      if (typeof value === 'string') given.set(name, value)
    }
    const { server, web } = runtime.config
    const { authorization = null, cookie = null } = headers
    const credentials = { authorization, cookie, ip: senderOf(request, web.trusted_proxies) }
    const credential = credentialOf(server.public_url, credentials)
    const info: RequestInfo = { ip: socket.remoteAddress }
    if (credential === null || runtime.known.find(credential) === null) {
      info.caller = await resolveCaller(runtime, credentials)
    }
    if (short !== 'always' && info.caller?.actor !== null) return null
    return (isRest ? rest : trpc)(new Request(target, { method, headers: given }), info)
  }
