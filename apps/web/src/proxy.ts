import { NextResponse, type NextRequest } from 'next/server'

import { contentSecurityPolicy } from './lib/csp.ts'
import { DEVELOPMENT } from './lib/development.ts'
import { refusePage } from './server/refuse-page.ts'

/** Refuses pages beyond the limits; gives all others a nonce of their own and a policy that allows only scripts with it. */
export async function proxy(request: NextRequest): Promise<Response> {
  const refusal = await refusePage(request)
  if (refusal !== null) return refusal
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = contentSecurityPolicy(nonce, DEVELOPMENT)
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  // Everything except the API's routes and static files, each by its exact path: every other path is a page, or the one that
  // says that there is none. Next passes on at most 10 MB of a request body through here, and message bodies have their own policy.
  matcher: ['/((?!api/v1(?:/|$)|api/(?:trpc/[^/]+|events|health)/?$|m/[^/]+/.|img-proxy/?$|_next/|icon\\.svg$).*)'],
}
