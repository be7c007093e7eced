/** Names by which a server is reached from its own machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
/** A host, perhaps with a port, as it may stand in a Host field (RFC 9110 §7.2). */
const HOST = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/

/** The host of a Host field in lower case, or null when it is none. */
export function readHost(header: string | null | undefined): string | null {
  const host = header?.toLowerCase() ?? ''
  return HOST.test(host) ? host : null
}

/**
 * Whether we answer for this host: the one of the public URL, and the names of the machine itself. While the public URL is such a
 * name, nobody has said where the server is reached, and every host is answered.
 * @param host from `readHost`
 */
export function isKnownHost(host: string, publicUrl: string): boolean {
  const known = new URL(publicUrl)
  return (
    isLoopback(known.host) || isLoopback(host) || host === known.host || host === `${known.hostname}:${portOf(known)}`
  )
}

/** Whether a host, perhaps with a port, is a name by which this machine calls itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.replace(/:\d+$/, ''))
}

function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80'
}
