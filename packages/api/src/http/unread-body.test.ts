import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { endUnread } from './unread-body.ts'

let server: Server
let answered: number
let restMs: number
let later: ServerResponse[]

beforeEach(async () => {
  answered = 0
  later = []
  server = createServer((request, response) => {
    endUnread(request, response, restMs)
    response.once('finish', () => (answered += 1))
    if (request.url === '/later') later.push(response)
    else response.end('refused')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Sends the beginning of a body. */
const begin = (path: string): Socket => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n1234`)
  return socket.resume()
}

it('the connection of an answered request ends when the rest of its body does not come', async () => {
  restMs = 20
  await once(begin('/'), 'close')
  expect(answered).toBe(1)
})

it('a connection whose body came after the answer takes the next request', async () => {
  restMs = 60_000
  const socket = begin('/')
  await expect.poll(() => answered).toBe(1)
  socket.write('5678')
  for (let request = 2; request <= 3; request += 1) {
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await expect.poll(() => answered).toBe(request)
  }
  expect(socket.destroyed).toBe(false)
})

it('a request that is not answered yet may go on', async () => {
  restMs = 1
  const slow = begin('/later')
  await expect.poll(() => later).toHaveLength(1)
  await once(begin('/'), 'close')
  expect(slow.destroyed).toBe(false)
  slow.write('5678')
  later[0]?.end()
  await expect.poll(() => answered).toBe(2)
})
