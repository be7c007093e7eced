import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { boundConnections } from './ops-places.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function start(most: number): Promise<void> {
  server = createServer((request, response) => {
    if (request.url === '/health/live') response.end('ok')
    else server.emit('asked')
  })
  boundConnections(server, most)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

async function open(localAddress: string) {
  const counted = once(server, 'connection')
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress })
  const answer = text(socket)
  await Promise.all([once(socket, 'connect'), counted])
  return { socket, answer }
}

async function ask(localAddress: string, path: string) {
  const client = await open(localAddress)
  client.socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  return client
}

it('a health check is answered when silent connections hold all places, of its own address too', async () => {
  await start(6)
  const silent = []
  for (let at = 0; at < 6; at += 1) silent.push(await open('127.0.0.2'))
  for (const address of ['127.0.0.3', '127.0.0.2']) {
    expect(await (await ask(address, '/health/live')).answer).toMatch(/^HTTP\/1\.1 200 /)
  }
  expect(await silent[0]?.answer).toBe('')
  expect(silent[1]?.socket.readableEnded).toBe(false)
})

it('what is being answered keeps its place from equals, and not from who holds few', async () => {
  await start(6)
  const busy = []
  for (let at = 0; at < 6; at += 1) {
    const asked = once(server, 'asked')
    busy.push(await ask('127.0.0.2', '/slow'))
    await asked
  }
  expect(await (await open('127.0.0.2')).answer).toBe('')
  expect(await (await ask('127.0.0.3', '/health/live')).answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(await busy[0]?.answer).toBe('')
  expect(busy[1]?.socket.readableEnded).toBe(false)
})
