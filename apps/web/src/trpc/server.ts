import { createTRPCClient, httpLink } from '@trpc/client'
import { headers } from 'next/headers'

import { getApi } from '#server/api.ts'

import type { AppRouter } from './router.ts'

/** The headers of the browser's request that the API needs when a page calls it. */
const PASSED_ON = ['cookie', 'user-agent', 'x-forwarded-for', 'x-mairust-remote-address']

/** The API for server components: the same calls, within this process, as the user who requested the page. */
export async function serverClient() {
  const incoming = await headers()
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = incoming.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const api = await getApi()
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: 'http://localhost/api/trpc',
        headers: Object.fromEntries(passedOn),
        // The proxy has already counted the page.
        fetch: (url, init) => api.trpc(new Request(url as string, init as RequestInit), { counted: true }),
      }),
    ],
  })
}
