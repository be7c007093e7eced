/** What is known of the other side of a request beside the request itself. */
export interface RequestInfo {
  /** Address of the socket. */
  ip?: string | undefined
}

/**
 * Header in which apps/web's own server passes the socket's address to route handlers, which cannot see it. That server
 * overwrites it on every request, so no client can set it.
 */
export const REMOTE_ADDRESS_HEADER = 'x-mairust-remote-address'

/** Address of the client. `X-Forwarded-For` is not believed: anybody can send it. */
export const clientAddress = (request: Request, info: RequestInfo | undefined): string =>
  info?.ip ?? request.headers.get(REMOTE_ADDRESS_HEADER) ?? 'unknown'
