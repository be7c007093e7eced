import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { makeFront } from '../testing/front.ts'

const WORK = 'POST /api/v1/work HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'
const HEALTH = 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n'
const STREAM = 'GET /api/events HTTP/1.1\r\nHost: localhost\r\n'
/** More than the buffers of a socket hold. */
const LONG = 32 * 1_048_576

let server: Server
let time: number
/** Answers that the server has not given yet, by the local port of their clients. */
let pending: Map<number, ServerResponse>

async function start(limits: { connections?: number; per_address?: number }, trusted_proxies: string[] = []) {
  const front = makeFront({ web: { limits, trusted_proxies } }, { now: () => time })
  time = 0
  pending = new Map()
  server = createServer((request, response) => {
    front.serve(request, response, () => {
      if (request.url === '/api/v1/health') return response.end('ok')
      pending.set(request.socket.remotePort ?? 0, response)
      if (request.url === '/api/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': x\n')
      if (request.url === '/api/v1/long') response.end(Buffer.alloc(LONG))
      return server.emit('asked')
    })
  })
  server.on('connection', (socket) => {
    front.admit(socket)
    server.emit('counted')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

interface Client {
  socket: Socket
  isOpen: () => boolean
  /** Resolves when the server has ended the connection. */
  ended: Promise<unknown>
}

/** Opens a connection from an address of this machine. It is silent. */
async function open(localAddress: string): Promise<Client> {
  const counted = once(server, 'counted')
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined)
  const ended = once(socket, 'close')
  await Promise.all([once(socket, 'connect'), counted])
  return { socket, isOpen: () => !socket.destroyed && !socket.readableEnded, ended }
}

/** One that has been answered, and is kept open. */
async function openIdle(localAddress: string, header = ''): Promise<Client> {
  const client = await open(localAddress)
  client.socket.write(`${HEALTH}${header}\r\n`)
  expect(String(await once(client.socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /)
  client.socket.resume()
  return client
}

/** One whose request the server is working on. */
async function openBusy(localAddress: string, request: string): Promise<Client> {
  const client = await open(localAddress)
  const asked = once(server, 'asked')
  client.socket.write(request)
  await asked
  client.socket.resume()
  return client
}
const openStream = (localAddress: string, header = ''): Promise<Client> =>
  openBusy(localAddress, `${STREAM}${header}\r\n`)

/** The status that a new connection of an address gets for a health check. */
async function healthFrom(localAddress: string, header = ''): Promise<number> {
  const client = await open(localAddress)
  client.socket.write(`${HEALTH}Connection: close\r\n${header}\r\n`)
  return Number((await text(client.socket)).split(' ', 2)[1])
}

async function many(count: number, make: (at: number) => Promise<Client>): Promise<Client[]> {
  const clients: Client[] = []
  for (let at = 0; at < count; at += 1) clients.push(await make(at))
  return clients
}
const openOnes = (clients: Client[]): number[] => [...clients.keys()].filter((at) => clients[at]?.isOpen() === true)

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

it('a full port gives a newcomer the longest idle connection of the network with most', async () => {
  await start({ connections: 14 })
  const few = await many(2, () => openIdle('127.0.0.3'))
  time = 1000
  const most = await many(8, () => openIdle('127.0.0.2'))
  await many(4, () => openIdle('127.0.0.4'))
  time = 2000
  const asking = once(most[0]?.socket ?? server, 'data')
  most[0]?.socket.write(`${HEALTH}\r\n`)
  await asking
  expect(await healthFrom('127.0.0.9')).toBe(200)
  await most[1]?.ended
  await open('127.0.0.9')
  await open('127.0.0.9')
  await most[2]?.ended
  expect(openOnes(most)).toEqual([0, 3, 4, 5, 6, 7])
  expect(openOnes(few)).toEqual([0, 1])
})

it('however busy its connections look, a network that crowds the port gives place, and streams of others live on', async () => {
  await start({ connections: 16 })
  const honest = await many(3, () => openStream('127.0.0.3'))
  const crowding = await many(13, () => openStream('127.0.0.2'))
  time = 100_000
  for (let at = 10; at < 16; at += 1) await openStream(`127.0.0.${at}`)
  await Promise.all(crowding.slice(0, 6).map(({ ended }) => ended))
  expect(openOnes(crowding)).toHaveLength(7)
  expect(openOnes(honest)).toEqual([0, 1, 2])
})

it('of a network that crowds the port idle connections go first, as do those that read or send nothing, and changes last', async () => {
  await start({ connections: 10 })
  const changes = await many(3, () => openBusy('127.0.0.2', WORK))
  const streams = await many(2, () => openStream('127.0.0.2'))
  const sending = await openBusy('127.0.0.2', WORK.replace('Length: 0', 'Length: 10'))
  const reading = await open('127.0.0.2')
  const asked = once(server, 'asked')
  reading.socket.write('GET /api/v1/long HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await asked
  const buffers = pending.get(reading.socket.localPort ?? 0)?.socket
  let written = -1
  await expect
    .poll(() => written === (written = (buffers?.bytesWritten ?? 0) - (buffers?.writableLength ?? 0)))
    .toBe(true)
  const [idle, other] = await many(2, () => openIdle('127.0.0.2'))
  const change = await openBusy('127.0.0.3', WORK)
  await openStream('127.0.0.10')
  await idle?.ended
  time = 5000
  other?.socket.write(`${HEALTH}\r\n`)
  if (other !== undefined) await once(other.socket, 'data')
  time = 11_000
  const order: string[] = []
  const left = { sending, reading, other, stream: streams[0], second: streams[1] }
  for (const [name, client] of Object.entries(left)) client?.socket.once('close', () => order.push(name))
  for (const [at, client] of Object.values(left).entries()) {
    await openStream(`127.0.0.${11 + at}`)
    client?.socket.resume()
    await client?.ended
  }
  expect(order).toEqual(['sending', 'reading', 'other', 'stream', 'second'])
  await openStream('127.0.0.20')
  await changes[0]?.ended
  expect(openOnes([...changes, change])).toEqual([1, 2, 3])
})

it('an address that holds its most gets an answer in the place of an idle connection of its own, and of no other', async () => {
  await start({ per_address: 3 })
  const stream = await openStream('127.0.0.2')
  const idle = await many(2, () => openIdle('127.0.0.2'))
  const other = await openIdle('127.0.0.3')
  expect(await healthFrom('127.0.0.2')).toBe(200)
  await idle[0]?.ended
  expect([stream, ...idle, other].map(({ isOpen }) => isOpen())).toEqual([true, false, true, true])
  await many(2, () => openStream('127.0.0.2'))
  expect(await healthFrom('127.0.0.2')).toBe(503)
  expect(await healthFrom('127.0.0.3')).toBe(200)
})

it('a proxy is no network that crowds the port, and shows whose connections are many', async () => {
  await start({ connections: 12, per_address: 1 }, ['127.0.0.1'])
  const idle = await many(3, (at) => openIdle('127.0.0.1', `X-Forwarded-For: 192.0.2.${at}\r\n`))
  const honest = await openStream('127.0.0.1', 'X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n')
  // What a client claims to be counts for nothing; the /64s of a /48 are one network.
  const crowding = await many(8, (at) =>
    openStream('127.0.0.1', `X-Forwarded-For: 203.0.113.${at}, 2001:db8:1:${at}::1\r\n`),
  )
  time = 6000
  const streams = await many(4, (at) => openStream('127.0.0.1', `X-Forwarded-For: 198.51.100.${10 + at}\r\n`))
  expect(await healthFrom('127.0.0.5')).toBe(200)
  await Promise.all(idle.map(({ ended }) => ended))
  expect(openOnes([honest, ...streams])).toEqual([0, 1, 2, 3, 4])
  expect(openOnes(crowding).length).toBeGreaterThanOrEqual(6)
})

it('a port that networks of one size fill with work in progress turns newcomers away', async () => {
  await start({ connections: 4 })
  const working = await many(4, (at) => openBusy(`127.0.0.${10 + at}`, WORK))
  expect(await healthFrom('127.0.0.9')).toBe(503)
  expect(openOnes(working)).toEqual([0, 1, 2, 3])
})
