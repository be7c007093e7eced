import type { AppRouter } from '@mairust/api/router'
import { createTRPCClient, httpLink, type TRPCClient, type TRPCLink } from '@trpc/client'
import { MaiRustError } from './error.ts'
import { IDEMPOTENCY_KEY, keyOf } from './idempotency.ts'
import { createRetryingFetch } from './retry.ts'

export interface ClientOptions {
  /** Where the server is, such as `https://mail.example.com`; a path before `/api` may follow. */
  url: string
  /** The text of an API key, `mk_live_…`. */
  apiKey: string
  /** How long one attempt may take; 30 seconds unless said. */
  timeoutMs?: number
  /** How often a call is tried again that failed for a passing reason; 3 unless said. */
  retries?: number
  /** Sends requests in place of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** Every procedure of the API by its name: `client.messages.list.query(…)`, `client.mailboxes.create.mutate(…)`. */
export type Client = TRPCClient<AppRouter>

/** What fails before anything is sent. */
const checkCall: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    if (op.signal?.aborted === true) throw new MaiRustError('ABORTED', 'The call was aborted.')
    const key = keyOf(op)
    return next(key === null ? op : { ...op, context: { ...op.context, idempotencyKey: key } })
  }

/**
 * Makes a client of a MaiRust server. Calls reject with a `MaiRustError`.
 * @throws TypeError for an option that cannot be right
 */
export const createClient = (options: ClientOptions): Client => {
  const { timeoutMs = 30_000, retries = 3, fetch = globalThis.fetch } = options
  const url = endpointOf(options.url)
  const authorization = `Bearer ${checkKey(options.apiKey)}`
  if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be more than 0.')
  if (!Number.isInteger(retries) || retries < 0) throw new TypeError('retries must be a whole number from 0.')
  const send = createRetryingFetch({ fetch: (to, init) => fetch(to, init), timeoutMs, retries })
  return createTRPCClient<AppRouter>({
    links: [
      checkCall,
      httpLink<AppRouter>({
        url,
        headers: ({ op: { context } }) => {
          const key = context['idempotencyKey']
          return typeof key === 'string' ? { authorization, [IDEMPOTENCY_KEY]: key } : { authorization }
        },
        // Casts: httpLink gives a string and an object of fetch; its own types leave room for other platforms.
        fetch: (to, init) => send(to as string, init as RequestInit),
      }),
    ],
  })
}

const endpointOf = (url: string): string => {
  const base = URL.canParse(url) ? new URL(url) : null
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new TypeError('url must be the address of the server, such as https://mail.example.com.')
  }
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/trpc`
}

/** A key with a line break would stand in the error that fetch throws. */
const checkKey = (key: string): string => {
  if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError('apiKey must be the text of an API key, without spaces.')
  return key
}
