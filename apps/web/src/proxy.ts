import { NextResponse, type NextRequest } from 'next/server'

import { contentSecurityPolicy } from './lib/csp.ts'
import { DEVELOPMENT } from './lib/development.ts'

/** Gives each page a nonce of its own and a policy that allows only scripts with it. The web front has counted it before. */
export function proxy(request: NextRequest): Response {
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
  // says that there is none. The web front counts the same ones as pages (packages/api/src/http/pages.ts). Next passes on at most 10 MB of a request body through here, and message bodies have their own policy.
  matcher: ['/((?!api/v1(?:/|$)|api/(?:trpc/[^/]+|events|health)/?$|m/[^/]+/.|img-proxy/?$|_next/|icon\\.svg$).*)'],
}
