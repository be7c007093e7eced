import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import { createPages, isPage } from './pages.ts'

let server: Server
let counted: number
/** The pages being made, by the order in which they started. */
let renders: { path: string; response: ServerResponse }[]
let openPage: ReturnType<typeof createPages>

/** The test’s requests name their caller in X-Forwarded-For: `user`, `over` its limit, or an address. */
async function start(limits: Parameters<typeof createPages>[1]): Promise<void> {
  openPage = createPages(
    {
      admit: (request) => {
        counted += 1
        const name = request.headers.get('x-forwarded-for') ?? ''
        const error = name === 'over' ? new AppError('RATE_LIMITED', 'Wait.', { retryAfter: 7 }) : null
        return Promise.resolve({ name, isAnonymous: name !== 'user', error })
      },
      refusal: (_request, error) =>
        new Response(error.code, { status: error.status, headers: { 'Retry-After': String(error.retryAfter) } }),
    },
    limits,
  )
  const serve = (request: IncomingMessage, response: ServerResponse) =>
    openPage(request, response, () => renders.push({ path: request.url ?? '', response }))
  server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

beforeEach(() => {
  counted = 0
  renders = []
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function ask(path: string, caller: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${caller}\r\nConnection: close\r\n\r\n`)
  return { socket, answer: text(socket).catch(() => '') }
}
const rendered = (): string[] => renders.map(({ path }) => path)

it('renders a few pages of an address at a time, and those of other addresses beside them', async () => {
  await start({ widthPerName: 2, width: 3 })
  for (const path of ['/a1', '/a2', '/a3', '/a4']) {
    ask(path, '192.0.2.1')
    await expect.poll(() => counted).toBe(Number(path.slice(2)))
  }
  expect(rendered()).toEqual(['/a1', '/a2'])
  ask('/b1', '192.0.2.2')
  await expect.poll(rendered).toEqual(['/a1', '/a2', '/b1'])
  ask('/b2', '192.0.2.2')
  await expect.poll(() => counted).toBe(6)
  expect(rendered()).toHaveLength(3)
  renders[0]?.response.end()
  // The other address has been served less often.
  await expect.poll(() => rendered()[3]).toBe('/b2')
  renders[1]?.response.end()
  await expect.poll(() => rendered()[4]).toBe('/a3')
})

it('renders pages of users while those of strangers wait', async () => {
  await start({ width: 1 })
  ask('/a1', '192.0.2.1')
  ask('/a2', '192.0.2.1')
  await expect.poll(() => counted).toBe(2)
  for (const path of ['/u1', '/u2', '/u3']) ask(path, 'user')
  await expect.poll(() => rendered().filter((path) => path.startsWith('/u'))).toHaveLength(3)
  expect(rendered()).toHaveLength(4)
})

it('renders a few pages of a user at a time', async () => {
  await start({})
  for (let page = 1; page <= 6; page += 1) ask(`/u${page}`, 'user')
  await expect.poll(() => counted).toBe(6)
  await expect.poll(rendered).toHaveLength(4)
  renders[0]?.response.end()
  await expect.poll(rendered).toHaveLength(5)
})

it('renders no page of a client that has left while it waited', async () => {
  await start({ width: 1 })
  ask('/a1', '192.0.2.1')
  await expect.poll(rendered).toEqual(['/a1'])
  const left = [1, 2, 3].map(() => ask('/left', '192.0.2.1').socket)
  await expect.poll(() => counted).toBe(4)
  const connections = (): Promise<number> =>
    new Promise((resolve) => void server.getConnections((_error, count) => resolve(count)))
  for (const socket of left) socket.destroy()
  await expect.poll(connections).toBe(1)
  ask('/a2', '192.0.2.1')
  await expect.poll(() => counted).toBe(5)
  renders[0]?.response.end()
  await expect.poll(rendered).toEqual(['/a1', '/a2'])
})

it('makes room when a client leaves during the render', async () => {
  await start({ width: 1 })
  const { socket } = ask('/a1', '192.0.2.1')
  await expect.poll(rendered).toEqual(['/a1'])
  ask('/a2', '192.0.2.2')
  await expect.poll(() => counted).toBe(2)
  socket.destroy()
  await expect.poll(rendered).toEqual(['/a1', '/a2'])
})

describe('a place is for the work of a render, never for the reading of a client', () => {
  it.each([
    ['at once', 1],
    ['piece by piece, each when the one before may be written', 300],
  ])('a page written %s is made, though its client reads nothing', async (_, count) => {
    await start({ width: 1 })
    ask('/a1', '192.0.2.1').socket.pause()
    await expect.poll(rendered).toEqual(['/a1'])
    const response = renders[0]?.response ?? expect.fail()
    const pieces = Array.from({ length: count }, () => Buffer.alloc(20_000_000 / count))
    // As Next writes: it waits for the client when it is told to.
    for (const piece of pieces) if (!response.write(piece)) await once(response, 'drain')
    response.end()
    ask('/a2', '192.0.2.2')
    await expect.poll(rendered).toEqual(['/a1', '/a2'])
  })

  it('a render that does not end gives its place back, and its connection ends', async () => {
    await start({ width: 1, renderMs: 50 })
    const { socket, answer } = ask('/a1', '192.0.2.1')
    const closed = once(socket, 'close')
    await expect.poll(rendered).toEqual(['/a1'])
    renders[0]?.response.write('the beginning')
    ask('/a2', '192.0.2.2')
    await expect.poll(() => rendered().at(1)).toBe('/a2')
    await closed
    expect(await answer).not.toContain('0\r\n\r\n')
  })
})

it('refuses an address that would make a page large, before it is counted', async () => {
  await start({})
  const [most, more] = [4096, 4097].map((length) => `/login?next=/mail?${'<'.repeat(length - 18)}`)
  expect(await ask(more ?? '', '192.0.2.1').answer).toMatch(/^HTTP\/1\.1 414 .*INVALID_REQUEST$/s)
  expect([counted, rendered()]).toEqual([0, []])
  ask(most ?? '', '192.0.2.1')
  await expect.poll(rendered).toEqual([most])
})

it('refuses a page with 503 when too many wait, or it has waited too long', async () => {
  await start({ width: 1, maxWaitingPerName: 0 })
  expect(await ask('/a1', '192.0.2.1').answer).toMatch(/^HTTP\/1\.1 503 .*retry-after: 5\r\n.*UNAVAILABLE$/s)
  server.close()
  await start({ width: 1, waitMs: 1 })
  ask('/a1', '192.0.2.1')
  await expect.poll(rendered).toEqual(['/a1'])
  expect(await ask('/a2', '192.0.2.1').answer).toMatch(/^HTTP\/1\.1 503 /)
  expect(rendered()).toEqual(['/a1'])
})

it('renders no page beyond the limits', async () => {
  await start({})
  expect(await ask('/a1', 'over').answer).toMatch(/^HTTP\/1\.1 429 .*retry-after: 7\r\n.*RATE_LIMITED$/s)
  expect(rendered()).toEqual([])
})

it('takes every unknown path for a page', () => {
  for (const path of ['/', '/nope', '/_next/nope', '/api/v1x', '/m/x', '/m/x/?y', '/api/trpc/a/b', '/icon.svg/']) {
    expect([path, isPage(path)]).toEqual([path, true])
  }
})
