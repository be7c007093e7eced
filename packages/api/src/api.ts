import type { IncomingMessage } from 'node:http'
import type { Config } from '@mairust/config'
import { spoolFolderOf } from '@mairust/db'
import { createEvents } from './events.ts'
import { createBodyRoom } from './http/body-room.ts'
import type { RequestInfo } from './http/client.ts'
import { createLimits } from './http/limits.ts'
import { createPageGate, type PageCaller } from './http/page-gate.ts'
import { createAnswerRoom } from './http/answer-room.ts'
import { untilClientLeaves } from './http/leaving.ts'
import { createOverLimit } from './http/over-limit.ts'
import { createShortAnswers } from './http/short-answers.ts'
import { createReadTurns } from './http/read-turns.ts'
import { createImageProxy } from './image-proxy.ts'
import { createApiMetrics, type ApiMetrics } from './metrics.ts'
import { createRenderHandler } from './render/handler.ts'
import { createRestHandler } from './rest/handler.ts'
import { createHealthAnswers } from './rest/open-routes.ts'
import { createRuntime, maxMessageBytes, type RuntimeOptions } from './runtime.ts'
import { createStsPolicies } from './sts-policies.ts'
import { createTrpcHandler } from './trpc/handler.ts'

/** Answers a request. `info` has what the request lacks, such as the address of the socket. */
export type Handler = (request: Request, info?: RequestInfo) => Promise<Response>

/** The API of a process, for route handlers. */
export interface Api {
  /** `/api/v1/…` */
  rest: Handler
  /** `/api/trpc/…` */
  trpc: Handler
  /** `/api/events` */
  events: Handler
  /** `/m/{id}/…` */
  render: Handler
  /** `/img-proxy/` */
  imageProxy: Handler
  /** `/api/health` */
  health: Handler
  /** Counts a page before it is rendered: who asks for it, and why it is refused. */
  admitPage: (request: Request, info?: RequestInfo) => Promise<PageCaller>
  /** The MTA-STS policy of a domain of ours; null if it is not active. */
  stsPolicy: (domain: string) => Promise<string | null>
  /** The answer to a request that is known to be over its limit, before anything else is done for it; null for others. */
  overLimit: (request: IncomingMessage) => Promise<Response | null>
  /** The answer to a request that needs nothing of the framework; null for others. */
  shortAnswer: (request: IncomingMessage) => Promise<Response | null>
  metrics: ApiMetrics
  /** Applies the settings that can change at run time: `web.rate_limits` and `smtp.max_message_size_mb`. */
  reload: (config: Config) => void
  /** Ends streams and workers. The caller closes the database. */
  close: () => Promise<void>
}

export interface ApiOptions extends Omit<RuntimeOptions, 'onAuthFailure'> {
  /** The metrics to use; by default new ones. */
  metrics?: ApiMetrics | undefined
  /** File with the script of the reference page (Scalar's `standalone.js`); without it `/docs` stays empty. */
  docsScriptPath?: string | null | undefined
  /** Folder for large bodies on their way; by default that of unfinished messages. */
  bodyFolder?: string | undefined
}

/** Makes the API for an open database and blob store. */
export const createApi = ({
  metrics = createApiMetrics(),
  docsScriptPath = null,
  bodyFolder,
  ...options
}: ApiOptions): Api => {
  let largest = maxMessageBytes(options.config)
  const runtime = createRuntime({ ...options, maxMessageBytes: () => largest, onAuthFailure: metrics.authFailure })
  const limits = createLimits(options.config.web.rate_limits, runtime.now)
  const bodies = createBodyRoom({
    folder: bodyFolder ?? spoolFolderOf(options.config),
    freeBytes: runtime.freeBytes,
  })
  const shared = { runtime, limits, readTurns: createReadTurns(), answers: createAnswerRoom(), bodies, metrics }
  const events = createEvents({ runtime })
  const stsPolicies = createStsPolicies(runtime)
  const health = createHealthAnswers(runtime)
  const { handle, isLogin, shortness } = createRestHandler({ ...shared, docsScriptPath, health })
  const rest = untilClientLeaves(handle)
  const trpc = untilClientLeaves(createTrpcHandler(shared))
  const render = untilClientLeaves(createRenderHandler(shared))
  return {
    rest,
    trpc,
    events: events.handle,
    render,
    imageProxy: untilClientLeaves(createImageProxy({ runtime })),
    health,
    admitPage: createPageGate({ runtime, limits }),
    stsPolicy: stsPolicies.find,
    overLimit: createOverLimit({ runtime, limits, rest, isLogin, trpc }),
    shortAnswer: createShortAnswers({ runtime, rest, shortness, trpc, events: events.handle, render, health }),
    metrics,
    reload: (config) => {
      largest = maxMessageBytes(config)
      limits.change(config.web.rate_limits)
    },
    close: async () => {
      events.close()
      stsPolicies.close()
      runtime.signer.close()
      await Promise.all([runtime.renderer.close(), runtime.drafts.close()])
    },
  }
}
