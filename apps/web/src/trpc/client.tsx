'use client'

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { ReactNode } from 'react'

import { failureOf } from '#lib/failure.ts'

import type { AppRouter } from './router.ts'

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

/** Retries failures that may be temporary, and calls that did not fit into the answer of their batch. */
function shouldRetry(count: number, error: unknown): boolean {
  const { code } = failureOf(error)
  return count < 2 && ['OFFLINE', 'UNAVAILABLE', 'PAYLOAD_TOO_LARGE'].includes(code)
}

/** Sends the user to the login page when the session has ended, and back here afterwards. */
function leaveIfSignedOut(error: unknown): void {
  if (failureOf(error).code !== 'UNAUTHORIZED' || window.location.pathname === '/login') return
  const here = window.location.pathname + window.location.search
  window.location.assign(`/login?next=${encodeURIComponent(here)}`)
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveIfSignedOut }),
    defaultOptions: {
      queries: { staleTime: 30_000, gcTime: 600_000, retry: shouldRetry, refetchOnWindowFocus: true },
      mutations: { onError: leaveIfSignedOut },
    },
  })
}

const URL = '/api/trpc'

/** The client and its cache, kept as long as the page is open. On the server each request has its own. */
function makeData() {
  return {
    queryClient: makeQueryClient(),
    client: createTRPCClient<AppRouter>({
      links: [
        // A message list must not wait for a message that is being parsed; other calls are batched.
        splitLink({
          condition: ({ path }) => path.startsWith('messages.'),
          true: httpLink({ url: URL }),
          false: httpBatchLink({ url: URL, maxURLLength: 4000 }),
        }),
      ],
    }),
  }
}

let inBrowser: ReturnType<typeof makeData> | undefined

/** Not React state: React discards state, and with it the cache, if the first rendering suspends. */
function getData(): ReturnType<typeof makeData> {
  if (typeof window === 'undefined') return makeData()
  return (inBrowser ??= makeData())
}

/** Provides the API to all components inside: typed calls and one cache. */
export function DataProvider({ children }: { children: ReactNode }) {
  const { queryClient, client } = getData()
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
