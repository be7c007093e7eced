import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'

import { listen } from '../../listen.mjs'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

function create(): Server {
  // Long enough for what the client sends to arrive before its connection is ended: it would be reset.
  const options = { connectionsCheckingInterval: 10, headersTimeout: 300, requestTimeout: 300 }
  const server = createServer(options, () => undefined)
  servers.push(server)
  return server
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port
const answerTo = async (port: number, request: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // The answer counts, even if a reset follows it.
  socket.on('error', () => undefined)
  socket.write(request)
  await closed
  return Buffer.concat(pieces).toString()
}
const SLOW = {
  headers: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  body: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{',
}

test.each([SLOW.headers, SLOW.body])('the server ends a request that does not come in time: %j', async (request) => {
  const server = create()
  await listen(server, { port: 0, host: '127.0.0.1', until: 0 })
  expect(await answerTo(portOf(server), request)).toMatch(/^HTTP\/1\.1 408 /)
})

test('it does so too when the port was in use at first', async () => {
  const before = create()
  await listen(before, { port: 0, host: '127.0.0.1', until: 0 })
  const server = create()
  const refused = once(server, 'error')
  const listening = listen(server, { port: portOf(before), host: '127.0.0.1', until: Infinity, everyMs: 1 })
  await refused
  before.close()
  await listening
  expect(await answerTo(portOf(server), SLOW.headers)).toMatch(/^HTTP\/1\.1 408 /)
  expect(server.listenerCount('error')).toBe(0)
})

test('it fails when the port stays in use', async () => {
  const before = create()
  await listen(before, { port: 0, host: '127.0.0.1', until: 0 })
  const server = create()
  const listening = listen(server, { port: portOf(before), host: '127.0.0.1', until: 0 })
  await expect(listening).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
