import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Most requests of a connection that may wait for the one before them. Browsers send none ahead of an answer. */
const MAX_WAITING = 16

/** Whether the client has gone: nobody can read an answer on this connection. */
export const hasLeft = (socket: Socket): boolean => !socket.writable

/**
 * Makes the turns of requests: those of a connection start one after the other, each when the answer before it is sent. Node itself
 * starts all that it has read, and what they hold (files, renders) stays for ever if the client leaves before their answers are due.
 * A connection with too many waiting requests ends; those of a client that has left never start.
 */
export function createTurns(): (response: ServerResponse, start: () => void) => void {
  const waiting = new WeakMap<Socket, number>()
  return (response, start) => {
    const { socket } = response.req
    if (hasLeft(socket)) return
    // Node gives the connection to the oldest answer that is not sent yet.
    if (response.socket !== null) {
      start()
      return
    }
    const ahead = waiting.get(socket) ?? 0
    if (ahead >= MAX_WAITING) {
      socket.destroy()
      return
    }
    waiting.set(socket, ahead + 1)
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      // Other connections come between the requests of one.
      setImmediate(() => {
        if (!hasLeft(socket)) start()
      })
    })
  }
}
