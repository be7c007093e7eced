import type { IncomingMessage, ServerResponse } from 'node:http'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import type { PageCaller } from './page-gate.ts'
import { sendAnswer } from './send-answer.ts'
import { hasLeft } from './turns.ts'

/** What the pages need of the program that renders them. */
export type PageSource = {
  /** Counts a page and says who asks for it; null if that cannot be known because the API is not open. */
  admit: (request: Request) => Promise<PageCaller | null>
  /** The answer to a page that is refused, in the language of its reader; INVALID_REQUEST is for a target that is too long. */
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
/** A render that takes longer is given up. */
const RENDER_MS = 30_000
/** Longest target of a page, which repeats it several times. A search has room for hundreds of Japanese characters. */
const MAX_TARGET = 4096
const TOO_LONG = 414

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

/** How many pages are rendered at a time, and how long a render may take. */
export type PageLimits = Partial<FairQueueOptions> & { renderMs?: number }

/**
 * Makes the way of pages to their renderer: each is counted, and those for callers without a session are rendered a few at a time, with
 * all addresses in turn, beside those of users. What nobody will read is not rendered. A place is for the work of a render alone: it
 * never waits for the client that reads the page.
 */
export function createPages(source: PageSource, { renderMs = RENDER_MS, ...limits }: PageLimits = {}) {
  const strangers = createFairQueue({ ...QUEUE, ...limits })
  const users = createFairQueue({ ...QUEUE, ...USERS })

  /** Calls `render` when it is the turn of this page, or refuses it. */
  return async (request: IncomingMessage, response: ServerResponse, render: () => void): Promise<void> => {
    const asked = new Request('http://localhost/', { headers: callerHeaders(request) })
    if ((request.url ?? '').length > MAX_TARGET) {
      const error = new AppError('INVALID_REQUEST', `The address has more than ${MAX_TARGET} characters.`)
      return sendAnswer(response, source.refusal(asked, error), { status: TOO_LONG })
    }
    const caller = await source.admit(asked).catch(() => null)
    if (caller !== null && caller.error !== null) {
      await sendAnswer(response, source.refusal(asked, caller.error))
    } else {
      const queue = caller?.isAnonymous === false ? users : strangers
      try {
        await queue.run(caller?.name ?? request.socket.remoteAddress ?? '', 0, () => {
          if (hasLeft(request.socket)) return Promise.resolve()
          keepUnread(response)
          const rendered = isRendered(response, renderMs)
          render()
          return rendered
        })
      } catch (cause) {
        if (!(cause instanceof PoolBusyError)) throw cause
        const busy = new AppError('UNAVAILABLE', 'Too many pages are being made. Try again.', {
          cause,
          retryAfter: RETRY_S,
        })
        await sendAnswer(response, source.refusal(asked, busy))
      }
    }
  }
}

/** Lets the renderer write as fast as it makes the page, which is small: the connection keeps what its client has not read. */
function keepUnread(response: ServerResponse): void {
  const write: (...args: never[]) => unknown = response.write.bind(response)
  response.write = (...args: unknown[]): boolean => {
    Reflect.apply(write, response, args)
    return true
  }
}

/** Resolves when a page is made or its client has left. A render that takes too long is ended with its connection. */
function isRendered(response: ServerResponse, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => response.destroy(), limitMs)
    for (const event of ['prefinish', 'finish', 'close']) {
      response.once(event, () => {
        clearTimeout(late)
        resolve()
      })
    }
  })
}

function callerHeaders({ headers }: IncomingMessage): [string, string][] {
  return CALLER_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
}
