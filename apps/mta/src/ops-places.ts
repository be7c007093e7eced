import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { chooseEvicted, clientNetwork } from '@mairust/mail-core/inbound'

/** Connections to the ops port. More would take open files from SMTP, which the same process serves. */
const MOST = 256

interface Place {
  readonly socket: Socket
  readonly network: string
  readonly exempt: false
  readonly openedAt: number
  /** Requests that are being answered. */
  requests: number
}

/** Bounds an HTTP server's connections: a newcomer takes the place of another (`chooseEvicted`), or is closed. */
export function boundConnections(server: Server, most = MOST): void {
  const places = new Set<Place>()
  const bySocket = new WeakMap<Socket, Place>()

  server.on('connection', (socket) => {
    const network = clientNetwork(socket.remoteAddress ?? '')
    if (places.size >= most) {
      const evicted = chooseEvicted(places, { network }, ({ requests, openedAt }) => ({
        standing: requests > 0 ? 'moving' : 'idle',
        worth: openedAt,
      }))
      if (evicted === null) {
        socket.destroy()
        return
      }
      places.delete(evicted)
      evicted.socket.destroy()
    }
    const place: Place = { socket, network, exempt: false, openedAt: performance.now(), requests: 0 }
    places.add(place)
    bySocket.set(socket, place)
    socket.once('close', () => places.delete(place))
  })

  server.on('request', ({ socket }, response) => {
    const place = bySocket.get(socket)
    if (place === undefined) return
    place.requests += 1
    response.once('close', () => (place.requests -= 1))
  })
}
