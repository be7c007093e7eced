import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startFront, statusOf } from '../testing/front.ts'

describe('1.4: requests start in turns', () => {
  const HEALTH = 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const BUSY = 40

  it('newcomers are accepted and answered soon, however many connections of others are busy', async () => {
    const { port } = await startFront()
    let answered = 0
    for (let n = 0; n < BUSY; n += 1) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
      // The end of the test may reset it.
      socket.on('error', () => undefined)
      socket.on('data', () => {
        answered += 1
        socket.write(HEALTH)
      })
      socket.write(HEALTH)
    }
    await expect.poll(() => answered).toBeGreaterThan(5 * BUSY)
    const before = answered
    // One of them alone would wait for a single round.
    const newcomers = Array.from({ length: 20 }, async () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' })
      socket.write(HEALTH)
      await once(socket, 'data')
    })
    await Promise.all(newcomers)
    expect(answered - before).toBeLessThan(3 * BUSY)
  })

  it('one that is over a limit does not reach Next', async () => {
    const headers = { 'Retry-After': '7', 'X-Content-Type-Options': 'nosniff' }
    const refusal = Response.json({ error: 1 }, { status: 429, headers })
    const { send, passed } = await startFront({}, { overLimit: () => Promise.resolve(refusal) })
    const answer = await send('GET /api/v1/health HTTP/1.1\nHost: localhost')
    expect(statusOf(answer)).toBe(429)
    expect(answer).toMatch(/^retry-after: 7\r$/im)
    expect(answer).toMatch(/^referrer-policy: no-referrer\r$/im)
    expect(answer.match(/^x-content-type-options: /gim)).toHaveLength(1)
    expect(answer).toContain('{"error":1}')
    expect(passed).toEqual([])
  })

  it.each(['/api/health', '/_next/static/chunks/a.js', '/icon.svg', '/m/msg_1/body', '/api/events'])(
    'none waits for the API to open unless it is for it: %s',
    async (path) => {
      const front = await startFront({}, { overLimit: () => new Promise(() => undefined) })
      expect(statusOf(await front.send(`GET ${path} HTTP/1.1\nHost: localhost`))).toBe(200)
    },
  )

  it('of a client behind a proxy as many wait as an address has connections, and others are not refused', async () => {
    const { port, server } = await startFront({ web: { limits: { per_address: 2 }, trusted_proxies: ['127.0.0.1'] } })
    const connected = Array.from({ length: 10 }, async () => {
      const accepted = once(server, 'connection')
      const socket = connect(port, '127.0.0.1')
      await Promise.all([accepted, once(socket, 'connect')])
      return socket
    })
    const sockets = await Promise.all(connected)
    const answers = sockets.map(async (socket, n) => {
      const client = n === 9 ? '192.0.2.9' : '192.0.2.1'
      const received = text(socket)
      socket.write(`GET /m/a/body HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\nConnection: close\r\n\r\n`)
      return received
    })
    const received = await Promise.all(answers)
    const refused = received.filter((answer) => statusOf(answer) === 503)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(answer).toMatch(/^retry-after: 5\r$/im)
    expect(received.filter((answer) => statusOf(answer) === 200).length).toBeGreaterThanOrEqual(3)
    expect(statusOf(received[9] ?? '')).toBe(200)
  })

  it('one whose client has left does not start', async () => {
    const front = await startFront()
    let closed = 0
    front.server.on('request', (_request, response) => response.once('close', () => (closed += 1)))
    front.handle = (response) => {
      if (front.passed.length > 1) response.end('page')
      else sockets.slice(1).forEach((socket) => socket.destroy())
    }
    const sockets = Array.from({ length: 5 }, () => connect(front.port, '127.0.0.1'))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const socket of sockets) socket.write(HEALTH)
    await expect.poll(() => closed).toBe(4)
    expect(await front.send('GET /api/v1/later HTTP/1.1\nHost: localhost')).toContain('page')
    expect(front.passed.at(-1)?.target).toBe('GET /api/v1/later')
  })
})
