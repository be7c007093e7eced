import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

let server: Server
/** The requests that arrived, and those that started. */
let arrived: string[]
let started: { path: string; response: ServerResponse }[]

beforeEach(async () => {
  const inTurn = createTurns()
  arrived = []
  started = []
  server = createServer((request, response) => {
    const path = request.url ?? ''
    arrived.push(path)
    inTurn(response, () => started.push({ path, response }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const open = (): Socket => connect((server.address() as AddressInfo).port, '127.0.0.1')
const requests = (paths: readonly string[]): string =>
  paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('')
const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`)
const startedPaths = (): string[] => started.map(({ path }) => path)

it('starts the requests of a connection one after the other, each when the answer before is sent', async () => {
  const socket = open()
  const received = text(socket)
  socket.write(requests(paths(4)))
  await expect.poll(() => arrived).toEqual(paths(4))
  for (const [index, path] of paths(4).entries()) {
    await expect.poll(startedPaths).toEqual(paths(index + 1))
    if (index === 3) started[index]?.response.setHeader('Connection', 'close')
    started[index]?.response.end(`answer ${path};`)
  }
  expect((await received).match(/answer \/\d/g)).toEqual(paths(4).map((path) => `answer ${path}`))
})

it('starts none of a client that has left', async () => {
  const socket = open()
  socket.write(requests(paths(8)))
  await expect.poll(() => arrived).toHaveLength(8)
  const closed = once(started[0]?.response ?? server, 'close')
  socket.destroy()
  await closed
  // A later client’s request passes all that is still due.
  open().write(requests(['/later']))
  await expect.poll(startedPaths).toEqual(['/0', '/later'])
})

it('ends a connection with too many waiting requests', async () => {
  const socket = open()
  const ended = once(socket, 'close')
  socket.on('error', () => undefined)
  socket.write(requests(paths(200)))
  await ended
  expect(startedPaths()).toEqual(['/0'])
})

it('starts requests of other connections at once', async () => {
  for (const path of ['/a', '/b', '/c', '/d', '/e', '/f']) open().write(requests([path]))
  await expect.poll(() => startedPaths().sort()).toEqual(['/a', '/b', '/c', '/d', '/e', '/f'])
})
