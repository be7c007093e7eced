import { createSocket } from 'node:dgram'
import type { NameServer } from './servers.ts'
import { type Question, readResponse, type Response } from './wire.ts'

/** Forged answers seen before the question is asked over TCP, where nobody forges blindly (RFC 5452 §8). */
const MAX_FOREIGN = 16

export type Exchanged =
  Exclude<Response, { readonly kind: 'foreign' }> | { readonly kind: 'timeout' | 'network' | 'cancelled' }

export interface Sending {
  readonly server: NameServer
  readonly question: Question
  readonly id: number
  readonly bytes: Buffer
  readonly timeoutMs: number
  /** Ends the waiting, and frees the socket. */
  readonly signal: AbortSignal
}

/**
 * Sends a query over UDP and waits for its answer; whatever does not answer it is passed over, as it may be forged. Each query has
 * a socket and so a random port of its own (RFC 5452 §9.2), connected, so that only the server's packets reach it.
 */
export function exchangeUdp({ server, question, id, bytes, timeoutMs, signal }: Sending): Promise<Exchanged> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' })
  return new Promise((resolve) => {
    const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
    let foreign = 0
    const end = (result: Exchanged) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      socket.removeAllListeners()
      socket.on('error', () => undefined)
      socket.close()
      resolve(result)
    }
    const cancel = () => end({ kind: 'cancelled' })
    signal.addEventListener('abort', cancel)
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs)
    socket.on('error', () => end({ kind: 'network' }))
    socket.on('message', (message) => {
      const response = readResponse(message, question, id)
      if (response.kind === 'foreign') foreign += 1
      else end(response)
      if (foreign >= MAX_FOREIGN) end({ kind: 'truncated' })
    })
    socket.on('connect', () => socket.send(bytes))
    socket.connect(server.port, server.address)
  })
}
