import { createHash, randomBytes } from 'node:crypto'

const HOUR = 3_600_000
/** A session ends after this long without use … */
export const SESSION_IDLE_MS = 12 * HOUR
/** … and after this long in any case. */
export const SESSION_LIFE_MS = 24 * HOUR

const TOKEN = /^[\w-]{43}$/

/** A new cookie value, and its hash, which is stored. */
export const makeSessionToken = (): { token: string; tokenHash: string } => {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashToken(token) }
}

/** The hash of a cookie value, which is stored. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https:')

/** The name of the cookie: with the `__Host-` prefix on https only, since browsers reject such a cookie on http. */
export const cookieName = (publicUrl: string): string => (isHttps(publicUrl) ? '__Host-mairust_sid' : 'mairust_sid')

/** The Set-Cookie value that signs a browser in. The cookie lasts as long as a session can. */
export const sessionCookie = (publicUrl: string, token: string): string =>
  `${cookieName(publicUrl)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LIFE_MS / 1000}${secure(publicUrl)}`

/** The Set-Cookie value that signs a browser out. */
export const expiredCookie = (publicUrl: string): string =>
  `${cookieName(publicUrl)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure(publicUrl)}`

const secure = (publicUrl: string): string => (isHttps(publicUrl) ? '; Secure' : '')

/** The session token of a Cookie header, or null. */
export const readSessionToken = (publicUrl: string, header: string | null): string | null => {
  const wanted = `${cookieName(publicUrl)}=`
  const pair = header?.split(';').find((part) => part.trimStart().startsWith(wanted))
  const token = pair?.trim().slice(wanted.length)
  return token !== undefined && TOKEN.test(token) ? token : null
}
