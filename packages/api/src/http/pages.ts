import type { IncomingMessage, ServerResponse } from 'node:http'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import type { PageCaller } from './page-gate.ts'
import { hasLeft } from './turns.ts'

/** What the pages need of the program that renders them. */
export type PageSource = {
  /** Counts a page and says who asks for it; null if that cannot be known because the API is not open. */
  admit: (request: Request) => Promise<PageCaller | null>
  /** The answer to a page that is refused, in the language of its reader. */
  refusal: (request: Request, error: AppError) => Response
}

/** Renders for callers without a session. Each takes some 20 ms of the one thread that also serves everybody else. */
const QUEUE: FairQueueOptions = {
  width: 8,
  widthPerName: 2,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 64,
  waitMs: 5000,
}
/** Renders for users, beside those: one who asks for many waits for himself. */
const USERS = { width: 32, widthPerName: 4, waitMs: 20_000 }
const RETRY_S = 5

/** What decides who asks for a page, and in which language it is refused. */
const CALLER_HEADERS = [
  'accept-language',
  'authorization',
  'cookie',
  'user-agent',
  'x-forwarded-for',
  'x-mairust-remote-address',
]

/**
 * Paths that are no pages: routes of the API, each with a handler of its own, and static files. apps/web/src/proxy.ts has the same list
 * in its matcher.
 */
const OTHER =
  /^\/(?:api\/v1(?:\/|$)|api\/(?:trpc\/[^/]+|events|health)\/?$|m\/[^/]+\/.|img-proxy\/?$|_next\/static\/|icon\.svg$)/

/** Whether Next renders a page for this target: every path that is nothing else, known or not. */
export const isPage = (target: string): boolean => !OTHER.test(target.split('?', 1)[0] ?? '')

/**
 * Makes the way of pages to their renderer: each is counted, and those for callers without a session are rendered a few at a time, with
 * all addresses in turn, beside those of users. What nobody will read is not rendered.
 */
export function createPages(source: PageSource, limits: Partial<FairQueueOptions> = {}) {
  const strangers = createFairQueue({ ...QUEUE, ...limits })
  const users = createFairQueue({ ...QUEUE, ...USERS })

  /** Calls `render` when it is the turn of this page, or refuses it. */
  return async (request: IncomingMessage, response: ServerResponse, render: () => void): Promise<void> => {
    const asked = new Request('http://localhost/', { headers: callerHeaders(request) })
    const caller = await source.admit(asked).catch(() => null)
    if (caller !== null && caller.error !== null) {
      await refuse(response, source.refusal(asked, caller.error))
    } else {
      const queue = caller?.isAnonymous === false ? users : strangers
      try {
        await queue.run(caller?.name ?? request.socket.remoteAddress ?? '', 0, () => {
          if (hasLeft(request.socket)) return Promise.resolve()
          const rendered = isRendered(response)
          render()
          return rendered
        })
      } catch (cause) {
        if (!(cause instanceof PoolBusyError)) throw cause
        const busy = new AppError('UNAVAILABLE', 'Too many pages are being made. Try again.', {
          cause,
          retryAfter: RETRY_S,
        })
        await refuse(response, source.refusal(asked, busy))
      }
    }
  }
}

/** Resolves when a page is made, even if its client reads slowly, or when the client has left. */
function isRendered(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['prefinish', 'finish', 'close']) response.once(event, () => resolve())
  })
}

function callerHeaders({ headers }: IncomingMessage): [string, string][] {
  return CALLER_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
}

async function refuse(response: ServerResponse, refusal: Response): Promise<void> {
  const body = await refusal.text()
  response.writeHead(refusal.status, {
    ...Object.fromEntries(refusal.headers),
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
