import type { AppRouter } from '@mairust/api/router'
import { createTRPCClient, httpLink, type TRPCClient, type TRPCLink } from '@trpc/client'
import { MaiRustError } from './error.ts'
import { IDEMPOTENCY_KEY, keyOf } from './idempotency.ts'
import { createRetryingFetch } from './retry.ts'

export interface ClientOptions {
  /** Address of the server, such as `https://mail.example.com`, with the path before `/api` if there is one. */
  url: string
  /** The API key, `mk_live_…`. */
  apiKey: string
  /** Time limit for one attempt; 30 seconds by default. */
  timeoutMs?: number
  /** How many times a call is retried after a temporary failure; 3 by default. */
  retries?: number
  /** Sends the requests instead of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** The procedures of the API by name: `client.messages.list.query(…)`, `client.mailboxes.create.mutate(…)`. */
export type Client = TRPCClient<AppRouter>

/** Fails calls that must not be sent, and gives the others their idempotency key. */
const checkCall: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    if (op.signal?.aborted === true) throw new MaiRustError('ABORTED', 'The call was aborted.')
    const key = keyOf(op)
    return next(key === null ? op : { ...op, context: { ...op.context, idempotencyKey: key } })
  }

/**
 * Creates a client for a MaiRust server. Calls that fail reject with a `MaiRustError`.
 * @throws TypeError for an invalid option
 */
export const createClient = (options: ClientOptions): Client => {
  const { timeoutMs = 30_000, retries = 3, fetch = globalThis.fetch } = options
  const url = endpointOf(options.url)
  const authorization = `Bearer ${checkKey(options.apiKey)}`
  if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be greater than 0.')
  if (!Number.isInteger(retries) || retries < 0) throw new TypeError('retries must be 0 or a positive whole number.')
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
        // Casts: httpLink passes a string and a RequestInit; its types allow for other platforms.
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

/** Otherwise fetch would refuse a key with a line break and quote it in its error. */
const checkKey = (key: string): string => {
  if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError('apiKey must be an API key, without spaces or line breaks.')
  return key
}
