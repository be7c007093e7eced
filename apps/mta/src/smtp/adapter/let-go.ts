import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * Closes a socket once our last reply is on its way. A client for which replies already wait here does not read: the system would go
 * on offering it megabytes, so that one is reset. Under TLS, where Node cannot reset, it is closed.
 */
export function letGo(socket: Socket): void {
  if (!socket.writableNeedDrain) socket.destroySoon()
  else if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
