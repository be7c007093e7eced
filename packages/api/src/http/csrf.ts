import { AppError } from '../errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method only reads. */
export const isSafeMethod = (method: string): boolean => SAFE.has(method)

/**
 * Refuses a change that another site may have sent in the user's name: the host of `Origin` must be the request's own or
 * that of the public URL. Without an Origin, `Sec-Fetch-Site: same-origin` must vouch for it.
 * @throws AppError FORBIDDEN
 */
export const requireSameOrigin = (request: Request, publicUrl: string): void => {
  if (!isSameOrigin(request, publicUrl)) {
    throw new AppError('FORBIDDEN', 'This change did not come from this site. Send the Origin header of this site.')
  }
}

const isSameOrigin = (request: Request, publicUrl: string): boolean => {
  const origin = request.headers.get('origin')
  if (origin === null) return request.headers.get('sec-fetch-site') === 'same-origin'
  const host = hostOf(origin)
  return host !== null && (host === request.headers.get('host')?.toLowerCase() || host === hostOf(publicUrl))
}

/** Refuses what a browser says, or shows, to come from another site; programs send neither header and pass. */
export const refuseForeignOrigin = (request: Request, publicUrl: string): void => {
  const site = request.headers.get('sec-fetch-site')
  if (request.headers.has('origin') || (site !== null && site !== 'none')) requireSameOrigin(request, publicUrl)
}

const hostOf = (url: string): string | null => {
  try {
    return new URL(url).host.toLowerCase() || null
  } catch {
    return null
  }
}
