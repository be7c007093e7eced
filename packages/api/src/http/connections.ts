import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { chooseEvicted, clientKey, clientNetwork, inNetworks } from '@mairust/mail-core/inbound'
import { senderOf } from './client.ts'
import { judge, markOf, type Place, watch } from './place.ts'

export type ConnectionLimits = {
  /** Maximum numbers of open connections, in all and from one address; 0 means no limit. */
  total: number
  perAddress: number
  /** Networks of reverse proxies, which connect for many clients. */
  proxies: readonly string[]
}

/** The connections of the web port. */
export type Connections = {
  /**
   * Gives a connection a place: on a full port that of another (`chooseEvicted`), for an address that holds its most that of an idle
   * one of its own. Ends one that gets none, and returns false for it.
   */
  admit: (socket: Socket) => boolean
  /** Counts a request until its answer is sent: it shows for whom a proxy connects, and what its connection is open for. */
  ask: (request: IncomingMessage, response: ServerResponse) => void
}

/** Written by hand (RFC 9110 §15.6.4), since no HTTP parser is started for a connection over the limit. */
const BUSY =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\n' +
  'Content-Length: 42\r\n\r\nToo many connections are open. Try again.\n'

/** How often the speed of clients is looked at, in milliseconds. */
const WATCH_EVERY = 1000

/** Makes the list of an HTTP server's connections. `now` is a clock in milliseconds. */
export function createConnections(limits: () => ConnectionLimits, now: () => number): Connections {
  const places = new Set<Place>()
  const bySocket = new WeakMap<Socket, Place>()
  const byClient = new Map<string, Set<Place>>()
  let proxied = 0
  let timer: NodeJS.Timeout | null = null

  const add = (place: Place): void => {
    places.add(place)
    bySocket.set(place.socket, place)
    if (place.client !== null) {
      byClient.set(place.client, (byClient.get(place.client) ?? new Set<Place>()).add(place))
    }
    timer ??= setInterval(() => {
      const at = now()
      for (const each of places) watch(each, at)
    }, WATCH_EVERY).unref()
  }

  const remove = (place: Place): void => {
    if (!places.delete(place)) return
    bySocket.delete(place.socket)
    const others = byClient.get(place.client ?? '')
    others?.delete(place)
    if (others?.size === 0) byClient.delete(place.client ?? '')
    if (places.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  /** Of an address that holds its most, the connection that has been idle for longest. */
  const idleOf = (mine: ReadonlySet<Place>): Place | null => {
    const at = now()
    const idle = [...mine].filter((place) => judge(place, mine.size, at).standing === 'idle')
    return idle.reduce<Place | null>((a, b) => (a !== null && a.progress.at <= b.progress.at ? a : b), null)
  }

  /** Whether there is a place for a newcomer, after another has given up its own if need be. */
  const makeRoom = (client: string | null, network: string | null): boolean => {
    const { total, perAddress } = limits()
    const mine = byClient.get(client ?? '')
    const isOver = mine !== undefined && perAddress > 0 && mine.size >= perAddress
    if (!isOver && (total === 0 || places.size < total)) return true
    const at = now()
    const evicted = isOver
      ? idleOf(mine)
      : chooseEvicted(places, { network }, (place, count) => judge(place, count, at))
    if (evicted === null) return false
    remove(evicted)
    evicted.socket.destroy()
    return true
  }

  return {
    admit: (socket) => {
      const address = socket.remoteAddress ?? ''
      const isProxy = inNetworks(address, limits().proxies)
      const client = isProxy ? null : clientKey(address)
      if (!makeRoom(client, isProxy ? null : clientNetwork(address))) {
        socket.on('error', () => socket.destroy())
        socket.end(BUSY, () => socket.destroy())
        return false
      }
      const network = isProxy ? `proxy ${(proxied += 1)}` : clientNetwork(address)
      const at = now()
      const place: Place = {
        ...{ socket, client, network, ownNetwork: network, exempt: false },
        ...{ admittedAt: at, hasAsked: false, exchanges: new Set(), progress: markOf(socket, at) },
      }
      add(place)
      socket.once('close', () => remove(place))
      return true
    },
    ask: (request, response) => {
      const place = bySocket.get(request.socket)
      if (place === undefined) return
      const exchange = { request, response, began: markOf(place.socket, now()), answered: null }
      place.hasAsked = true
      place.exchanges.add(exchange)
      if (place.client === null) place.network = networkBehind(request, limits().proxies) ?? place.ownNetwork
      response.once('close', () => {
        place.exchanges.delete(exchange)
        place.progress = markOf(place.socket, now())
        if (place.exchanges.size === 0) place.network = place.ownNetwork
      })
    },
  }
}

/** The network of the client that a proxy connects for; null when it does not say. */
function networkBehind(request: IncomingMessage, proxies: readonly string[]): string | null {
  const address = senderOf(request, proxies)
  return inNetworks(address, proxies) ? null : clientNetwork(address)
}
