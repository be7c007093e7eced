import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Config } from '@mairust/config'
import { inNetworks } from '@mairust/mail-core/inbound'
import { createLoopTurns } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { errorAnswer, finishAnswer } from '../rest/answer.ts'
import { maxMessageBytes } from '../runtime.ts'
import { messageBodyLimit } from './body-room.ts'
import { createConnections } from './connections.ts'
import { isKnownHost, readHost } from './hosts.ts'
import { createKnownCallers, type KnownCallers } from './known-callers.ts'
import { lineOf } from './lines.ts'
import { newRequestId } from './open-request.ts'
import { longestMs } from './pace.ts'
import { createPages, isPage, type PageSource } from './pages.ts'
import { API, EVENTS, FILES, FRAME, HEALTH } from './paths.ts'
import { sendAnswer } from './send-answer.ts'
import { createStaticFiles } from './static-files.ts'
import { type FindStsPolicy, stsDomainOf, stsPolicyAnswer } from './sts-policy.ts'
import { createTurns, hasLeft } from './turns.ts'
import { endUnread } from './unread-body.ts'

/** Checks everything that arrives at the web port. */
export type WebFront = {
  /** Gives a connection a place, if need be that of another. Ends one that gets none, and returns false for it. */
  admit: (socket: Socket) => boolean
  /** Answers a request that must not go further. For all others it calls `next` when they may start; see `createTurns`, `createLoopTurns` and `createPages`. */
  serve: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
  /** How long the largest request may take to arrive, in milliseconds; the API asks for a pace of each. */
  requestMs: () => number
  /** What the API tells who sent which credential. */
  known: KnownCallers
}

export type WebFrontOptions = {
  /** Called for each request, since the configuration may be reloaded. */
  config: () => Config
  pages: PageSource
  /** The answer to a request of the API that is known to be over its limit; null for others. It may wait for the API to open. */
  overLimit: (request: IncomingMessage) => Promise<Response | null>
  /** The answer to a request of the API that needs nothing of the framework; null for others. It may wait too. */
  shortAnswer: (request: IncomingMessage) => Promise<Response | null>
  /** Rejects while the API is not open. */
  stsPolicy: FindStsPolicy
  /** The folder of the framework's static files; without it the framework answers for them. */
  filesFolder?: string | undefined
  /** A clock in milliseconds. */
  now?: () => number
}

/** What a request may wait on the server besides: for its turn, and for room. */
const WAIT_MS = 120_000

const RETRY_S = 5

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
/** Dot segments, with which a path can leave its prefix; browsers resolve them before they send a request. */
const DOTS = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i
/** Paths of the framework. Those of its static files are the only ones in use. */
const FRAMEWORK = /^\/_next(?!\/static\/)(?:[/?]|$)/i
/** The router reads parameters again for each of them: thousands would hold up everybody, before any limit is asked. */
const MAX_PARAMETERS = 100
/** Internal header fields of the framework, which clients must not set. */
const INTERNAL = /^x-(?:middleware|invoke|matched-path|prerender|next|now|vercel)|^next-(?:resume|action)|^rsc-/

/** Makes the front of the web port. */
export function createWebFront(options: WebFrontOptions): WebFront {
  const { config, pages, overLimit, shortAnswer, stsPolicy, filesFolder, now = () => performance.now() } = options
  const known = createKnownCallers(now)
  const files = filesFolder === undefined ? null : createStaticFiles(filesFolder)
  const inTurn = createTurns()
  const starts = createLoopTurns()
  const openPage = createPages(pages)
  const connections = createConnections(() => {
    const { limits, trusted_proxies: proxies } = config().web
    return { total: limits.connections, perAddress: limits.per_address, proxies }
  }, now)

  const open = async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const stsDomain = stsDomainOf(request)
    if (stsDomain !== null) return sendAnswer(response, await stsPolicyAnswer(stsDomain, stsPolicy))
    if (refuse(request, response, config())) return
    const { url = '' } = request
    if (isPage(url)) return openPage(request, response, next)
    if (files !== null && FILES.test(url)) {
      const file = files.find(url)
      if (file === null) answer(request, response, absent('There is nothing at this address.'))
      else await files.send(file, request, response).catch(next)
      return
    }
    // What is not of the API waits for nothing.
    const short = await answerOf(request, url).catch(() => null)
    if (hasLeft(request.socket)) return
    if (short === null) next()
    else await sendAnswer(response, short)
  }

  /** What the API answers before the framework sees a request. Trouble is for the framework's way to report. */
  const answerOf = async (request: IncomingMessage, url: string): Promise<Response | null> => {
    if (API.test(url)) return (await overLimit(request)) ?? shortAnswer(request)
    return [HEALTH, EVENTS, FRAME].some((path) => path.test(url)) ? shortAnswer(request) : null
  }

  /** Opens a request when it is the turn of its caller: all busy connections at once would keep newcomers from being accepted. */
  const start = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { server, web } = config()
    const { limits, trusted_proxies: proxies } = web
    const owner = lineOf(request, { publicUrl: server.public_url, proxies, known })
    // Clients without a proxy have no more connections.
    if (limits.per_address > 0 && starts.waitingOf(owner) >= limits.per_address) {
      const message = 'Too many of your requests are waiting. Try again.'
      answer(request, response, new AppError('UNAVAILABLE', message, { retryAfter: RETRY_S }))
      return
    }
    response.once(
      'close',
      starts.begin(owner, () => void open(request, response, next)),
    )
  }

  return {
    admit: (socket) => {
      starts.accepted()
      return connections.admit(socket)
    },
    serve: (request, response, next) => {
      connections.ask(request, response)
      endUnread(request, response)
      inTurn(response, () => start(request, response, next))
    },
    requestMs: () => longestMs(messageBodyLimit(maxMessageBytes(config()))) + WAIT_MS,
    known,
  }
}

/** Answers a request that must not go further; returns false if it may. */
function refuse(request: IncomingMessage, response: ServerResponse, config: Config): boolean {
  if (request.method === 'OPTIONS' && request.url?.startsWith('/') === true) {
    response.writeHead(204, { Allow: METHODS, 'Cache-Control': 'no-store' }).end()
    return true
  }
  const error = problemOf(request, config)
  if (error === null) {
    for (const name of Object.keys(request.headers))
      if (INTERNAL.test(name)) Reflect.deleteProperty(request.headers, name)
    return false
  }
  answer(request, response, error)
  return true
}

/** Why a request is refused; null if it may go further. */
function problemOf(request: IncomingMessage, { server, web }: Config): AppError | null {
  const { method = '', url = '', headers, headersDistinct, socket } = request
  if (!METHODS.split(', ').includes(method)) return invalid(`Send one of the methods ${METHODS}.`)
  // The absolute, authority and asterisk forms are for proxies (RFC 9112 §3.2); a second slash would start a host.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(url)) return invalid('The request target must be a path such as /mail.')
  const path = url.split('?', 1)[0] ?? ''
  // Some parsers take \ for a slash and cut at #, so that the path would be another one for them.
  if (/[\\#]/.test(path)) return invalid('The request target must not contain \\ or # in its path.')
  if (DOTS.test(path)) return invalid('The request target must not contain . or .. segments.')
  // Next treats an invalid one as an internal error.
  if (decoded(path) === null) return invalid('The request target is not valid percent-encoding.')
  if (url.split('&', MAX_PARAMETERS + 1).length > MAX_PARAMETERS) {
    return invalid(`The request target has more than ${MAX_PARAMETERS} parameters.`)
  }
  // A proxy might judge another of two than we do (RFC 9112 §3.2).
  const [host = null, ...moreHosts] = headersDistinct['host']?.map(readHost) ?? []
  if (host === null || moreHosts.length > 0) return invalid('The Host header is missing, repeated or invalid.')
  const isProxied = inNetworks(socket.remoteAddress ?? '', web.trusted_proxies)
  if (!isProxied && !HEALTH.test(url) && !isKnownHost(host, server.public_url)) {
    const known = new URL(server.public_url).host
    return invalid(`This server answers for ${known}. To reach it by another name, set server.public_url.`)
  }
  if (headers['next-action'] !== undefined) return invalid('There are no server actions here.')
  if (headers['next-router-state-tree'] !== undefined && !isRouterState(headers['next-router-state-tree'])) {
    return invalid('The Next-Router-State-Tree header is invalid.')
  }
  if (method === 'GET' || method === 'HEAD') {
    if (hasBody(request)) return invalid(`Send ${method} without a body.`)
  } else if (!API.test(url)) return absent('Pages answer GET and HEAD only.')
  // Next would render a whole page to say so.
  return FRAMEWORK.test(url) ? absent('There is nothing at this address.') : null
}

/** Our own pages send a tree in JSON. For anything else Next reports an internal error with a stack trace. */
function isRouterState(header: string | string[]): boolean {
  const text = Array.isArray(header) ? null : decoded(header)
  try {
    return text !== null && isTree(JSON.parse(text), 0)
  } catch {
    return false
  }
}

/** A segment, its children by slot name, and more that is not checked. */
function isTree(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || depth > 30) return false
  const [segment, children] = value as unknown[]
  if (typeof segment !== 'string' && !Array.isArray(segment)) return false
  if (typeof children !== 'object' || children === null) return false
  return Object.values(children).every((child) => isTree(child, depth + 1))
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function invalid(message: string): AppError {
  return new AppError('INVALID_REQUEST', message)
}

function absent(message: string): AppError {
  return new AppError('NOT_FOUND', message)
}

/** Answers like the API. If there is a body, which nobody will read, the connection ends. */
function answer(request: IncomingMessage, response: ServerResponse, error: AppError): void {
  const requestId = newRequestId()
  const refusal = finishAnswer(errorAnswer(error, requestId), { requestId, limit: null, ctx: null })
  void sendAnswer(response, refusal, { ends: hasBody(request) })
}
