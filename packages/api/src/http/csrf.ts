import { AppError } from '../errors.ts'
import { isLoopback, readHost } from './hosts.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method only reads. */
export const isSafeMethod = (method: string): boolean => SAFE.has(method)

/**
 * Refuses a change that another site may have sent in the user's name: scheme, host and port of `Origin` must be those of the public
 * URL or, where that names no other host than this machine's, of the request itself. Without an Origin, `Sec-Fetch-Site:
 * same-origin` must vouch for it.
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
  // We speak HTTP ourselves; what is reached over TLS has a public URL.
  const host = readHost(request.headers.get('host'))
  return host !== null && origin === originOf(`http://${host}`) && (isLoopback(host) || isLoopback(known.host))
}

/** Refuses what a browser says, or shows, to come from another site; programs send neither header and pass. */
export const refuseForeignOrigin = (request: Request, publicUrl: string): void => {
  const site = request.headers.get('sec-fetch-site')
  if (request.headers.has('origin') || (site !== null && site !== 'none')) requireSameOrigin(request, publicUrl)
}

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null)
