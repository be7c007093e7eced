/** The names that a machine has for itself. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
/** A valid Host field: a host with an optional port (RFC 9110 §7.2). */
const HOST = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/

/** The value of a Host field in lower case, or null if it is invalid. */
export function readHost(header: string | null | undefined): string | null {
  const host = header?.toLowerCase() ?? ''
  return HOST.test(host) ? host : null
}

/**
 * Whether to answer for this host: that of the public URL, and the names of the machine itself. While the public URL itself is such a
 * name, as it is by default, every host gets an answer.
 * @param host from `readHost`
 */
export function isKnownHost(host: string, publicUrl: string): boolean {
  const known = new URL(publicUrl)
  return (
    isLoopback(known.host) || isLoopback(host) || host === known.host || host === `${known.hostname}:${portOf(known)}`
  )
}

/** Whether a host, with or without a port, is a loopback name. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.replace(/:\d+$/, ''))
}

function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80'
}
