import type { IncomingMessage } from 'node:http'
import { credentialOf, resolveCaller } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { type RequestInfo, senderOf } from './client.ts'
import { isSafeMethod } from './csrf.ts'
import { EVENTS, FRAME, HEALTH, REST, TRPC } from './paths.ts'

type Handler = (request: Request, info?: RequestInfo) => Promise<Response>

/** For whom an answer is short and made without a body: who is not signed in gets nothing but refusals and a few facts. */
export type Shortness = 'always' | 'for-strangers' | 'never'

export type ShortAnswersOptions = {
  runtime: Runtime
  rest: Handler
  /** What REST says of a request. */
  shortness: (method: string, url: URL) => Shortness
  trpc: Handler
  events: Handler
  render: Handler
  /** The answer to `/api/health`. */
  health: () => Promise<Response>
}

/** What says who asks, from where and in which language. */
const FIELDS = [
  'accept-language',
  'authorization',
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'user-agent',
  'x-forwarded-for',
] as const

/**
 * Makes the answers to requests of the API that need nothing of the framework, which alone would cost several times as much: the health,
 * and whatever strangers ask that has no body to read. Null for all others. A credential that is not known is looked up
 * first, since anybody may make one up.
 */
export const createShortAnswers = ({ runtime, rest, shortness, health, ...others }: ShortAnswersOptions) => {
  /** What answers a request, and for whom that is short. Strangers read nothing long, and no stream. */
  const find = (method: string, url: string, target: URL): [Handler, Shortness] | null => {
    if (REST.test(url)) return [rest, shortness(method, target)]
    if (!isSafeMethod(method)) return null
    if (TRPC.test(url)) return [others.trpc, 'for-strangers']
    if (EVENTS.test(url)) return [others.events, 'for-strangers']
    return FRAME.test(url) ? [others.render, 'for-strangers'] : null
  }

  return async (request: IncomingMessage): Promise<Response | null> => {
    const { method = '', url = '', headers, socket } = request
    if (HEALTH.test(url)) return isSafeMethod(method) ? health() : null
    const target = new URL(`http://localhost${url}`)
    const [handler, short] = find(method, url, target) ?? []
    if (handler === undefined || short === 'never') return null
    const given = new Headers()
    for (const name of FIELDS) {
      const value = headers[name]
      if (typeof value === 'string') given.set(name, value)
    }
    const { server, web } = runtime.config
    const { cookie = null } = headers
    // The frame of a message is for sessions alone.
    const authorization = FRAME.test(url) ? null : (headers.authorization ?? null)
    const credentials = { authorization, cookie, ip: senderOf(request, web.trusted_proxies) }
    const credential = credentialOf(server.public_url, credentials)
    const info: RequestInfo = { ip: socket.remoteAddress }
    if (credential === null || runtime.known.find(credential) === null) {
      // To wait for events is no use of a session.
      info.caller = await resolveCaller(runtime, credentials, { isUse: !EVENTS.test(url) })
    }
    if (short !== 'always' && info.caller?.actor !== null) return null
    return handler(new Request(target, { method, headers: given }), info)
  }
}
