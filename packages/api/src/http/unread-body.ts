import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long the rest of a body may come once its request is answered: time to read the answer. */
const REST_MS = 30_000

/** Ends the connection of a client that goes on sending a body long after the answer: nobody reads it, and no pace is asked of it. */
export function endUnread(request: IncomingMessage, response: ServerResponse, restMs = REST_MS): void {
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => request.socket.destroy(), restMs)
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer))
  })
}
