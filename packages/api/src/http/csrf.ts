import { AppError } from '../errors.ts'
import { isLoopback, readHost } from './hosts.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method only reads. */
export const isSafeMethod = (method: string): boolean => SAFE.has(method)

/**
 * Refuses a change that another site may have sent on the user's behalf: scheme, host and port of `Origin` must match the public URL
 * or, if one of them is a loopback name, the request's own Host. Without an Origin, `Sec-Fetch-Site: same-origin` is required.
 * @throws AppError FORBIDDEN
 */
export const requireSameOrigin = (request: Request, publicUrl: string): void => {
  if (isSameOrigin(request, publicUrl)) return
  const known = new URL(publicUrl).origin
  throw new AppError(
    'FORBIDDEN',
    `This change did not come from this site, which is ${known}. Open that address, or set server.public_url to the one in the browser.`,
  )
}

const isSameOrigin = (request: Request, publicUrl: string): boolean => {
  const given = request.headers.get('origin')
  if (given === null) return request.headers.get('sec-fetch-site') === 'same-origin'
  const origin = originOf(given)
  if (origin === null) return false
  const known = new URL(publicUrl)
  if (origin === known.origin) return true
  // This server itself speaks only HTTP; one that is reached over TLS has a public URL.
  const host = readHost(request.headers.get('host'))
  return host !== null && origin === originOf(`http://${host}`) && (isLoopback(host) || isLoopback(known.host))
}

/** Refuses requests that come from another site by the browser's headers; programs send neither header and pass. */
export const refuseForeignOrigin = (request: Request, publicUrl: string): void => {
  const site = request.headers.get('sec-fetch-site')
  if (request.headers.has('origin') || (site !== null && site !== 'none')) requireSameOrigin(request, publicUrl)
}

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null)
