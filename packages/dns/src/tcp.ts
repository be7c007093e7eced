import { connect } from 'node:net'
import type { Exchanged, Sending } from './udp.ts'
import { readResponse } from './wire.ts'

const LENGTH_BYTES = 2

/** Sends a query over TCP (RFC 7766) and waits for its answer. */
export function exchangeTcp({ server, question, id, bytes, timeoutMs, signal }: Sending): Promise<Exchanged> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' })
  return new Promise((resolve) => {
    const socket = connect({ host: server.address, port: server.port })
    let received = Buffer.alloc(0)
    const end = (result: Exchanged) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      socket.destroy()
      resolve(result)
    }
    const cancel = () => end({ kind: 'cancelled' })
    signal.addEventListener('abort', cancel)
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs)
    socket.on('error', () => end({ kind: 'network' }))
    socket.on('close', () => end({ kind: 'network' }))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const message = firstMessage(received)
      if (message === null) return
      const response = readResponse(message, question, id)
      // On a connection of its own, an answer to something else is an error of the server.
      end(response.kind === 'foreign' || response.kind === 'truncated' ? { kind: 'malformed' } : response)
    })
    socket.write(withLength(bytes))
  })
}

function firstMessage(received: Buffer): Buffer | null {
  if (received.length < LENGTH_BYTES) return null
  const end = LENGTH_BYTES + received.readUInt16BE(0)
  return received.length < end ? null : received.subarray(LENGTH_BYTES, end)
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
