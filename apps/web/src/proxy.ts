import { NextResponse, type NextRequest } from 'next/server'

import { contentSecurityPolicy } from './lib/csp.ts'
import { DEVELOPMENT } from './lib/development.ts'
import { refusePage } from './server/refuse-page.ts'

/** Refuses pages beyond the limits, and gives every other its own nonce, and the policy that lets only scripts with that nonce run. */
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
  // Everything but what answers by itself, each by its exact address, since every other address is a page, if only the one
  // that says that nothing is there. Next passes on no more than 10 MB of a body that went through here, and messages
  // have their own policy.
  matcher: ['/((?!api/v1(?:/|$)|api/(?:trpc/[^/]+|events|health)/?$|m/[^/]+/.|img-proxy/?$|_next/|icon\\.svg$).*)'],
}
