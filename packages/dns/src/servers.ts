import { getServers } from 'node:dns'

/** A name server's address and port. */
export interface NameServer {
  readonly address: string
  readonly port: number
}

/** As in resolv.conf (MAXNS): with more, an unanswered question would take too long. */
const MAX_SERVERS = 3
const DNS_PORT = 53

/** Reads servers written `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`; without any, the system's. */
export function readServers(servers: readonly string[]): NameServer[] {
  const chosen = servers.length > 0 ? servers : getServers()
  return chosen.slice(0, MAX_SERVERS).map(readServer)
}

function readServer(text: string): NameServer {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text)
  if (match === null) return { address: text.replace(/^\[|\]$/g, ''), port: DNS_PORT }
  return { address: match[1] ?? match[2] ?? '', port: Number(match[3]) }
}
