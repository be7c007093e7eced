import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { configSchema } from '@mairust/config'
import { onTestFinished } from 'vitest'
import { createWebFront, type WebFront, type WebFrontOptions } from '../http/front.ts'

/** A front of the web port. Unless `changes` say otherwise, no API is behind it. */
export function makeFront(settings: object = {}, changes: Partial<WebFrontOptions> = {}): WebFront {
  const config = configSchema.parse(settings)
  return createWebFront({
    config: () => config,
    pages: { admit: () => Promise.resolve(null), refusal: () => new Response() },
    overLimit: () => Promise.resolve(null),
    shortAnswer: () => Promise.resolve(null),
    stsPolicy: () => Promise.resolve(null),
    ...changes,
  })
}

/** Puts a front on a port of this machine until the end of the test. `next` answers what passes it. */
export async function serveFront(
  front: WebFront,
  next: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer((request, response) => front.serve(request, response, () => next(request, response)))
  server.on('connection', (socket) => front.admit(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

/** A front on a port, and what comes of what is sent to it. */
export interface TestFront {
  server: Server
  port: number
  /** What the front remembers of callers. */
  known: WebFront['known']
  /** The requests that passed the front. */
  passed: { target: string; headers: string[] }[]
  /** What becomes of a request that passes the front. */
  handle: (response: ServerResponse) => void
  /** A connection, and everything that it receives until it ends. */
  open: () => { socket: Socket; answer: Promise<string> }
  /** Sends a head, its lines without their returns, over a connection of its own. */
  send: (head: string) => Promise<string>
}

/** Makes a front on a port, with `page` as the answer to what passes it. */
export async function startFront(settings: object = {}, changes: Partial<WebFrontOptions> = {}): Promise<TestFront> {
  const made = makeFront(settings, changes)
  const server = await serveFront(made, (request, response) => {
    front.passed.push({ target: `${request.method} ${request.url}`, headers: Object.keys(request.headers) })
    front.handle(response)
  })
  // Cast: a server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo
  const open = () => {
    const socket = connect(port, '127.0.0.1')
    return { socket, answer: text(socket) }
  }
  const front: TestFront = {
    ...{ server, port, known: made.known, passed: [], open },
    handle: (response) => void response.end('page'),
    send: (head) => {
      const { socket, answer } = open()
      socket.write(`${head.replaceAll('\n', '\r\n')}\r\nConnection: close\r\n\r\n`)
      return answer
    },
  }
  return front
}

/** The status of an answer as it came. */
export const statusOf = (answer: string): number => Number(answer.split(' ', 2)[1])
