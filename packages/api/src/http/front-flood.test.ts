import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startFront, type TestFront } from '../testing/front.ts'

const ADDRESSES = 200
const PER_ADDRESS = 4
/** What a browser asks for a page, and over how many connections. */
const REQUESTS = 40
const CONNECTIONS = 6
/** Most requests of others that start for each of ours: one in turn, and those that start while the client reads and writes. */
const TURNS = 5

const OFFICE = '127.20.0.9'
const SESSION = 's'.repeat(43)

const requestOf = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`

/** Keeps 800 connections of 200 addresses busy with requests that nobody has signed in for. */
async function flood(front: TestFront, addressOf: (n: number) => string): Promise<void> {
  const request = requestOf('/img-proxy/?flood')
  let answers = 0
  for (let n = 0; n < ADDRESSES * PER_ADDRESS; n += 1) {
    const socket = connect({ port: front.port, host: '127.0.0.1', localAddress: addressOf(n % ADDRESSES) })
    // The end of the test resets it.
    socket.on('error', () => undefined)
    socket.on('data', () => {
      answers += 1
      socket.write(request)
    })
    socket.write(request)
    onTestFinished(() => void socket.destroy())
  }
  await expect.poll(() => answers, { timeout: 30_000 }).toBeGreaterThan(2 * ADDRESSES * PER_ADDRESS)
}

/** Sends 40 requests over 6 connections of an address, each after the answer before it. Returns how many of others started meanwhile. */
async function turnsDuring(front: TestFront, localAddress: string, request: string): Promise<number> {
  const before = front.passed.length
  let left = REQUESTS
  const connections = Array.from({ length: CONNECTIONS }, async () => {
    const socket = connect({ port: front.port, host: '127.0.0.1', localAddress })
    await once(socket, 'connect')
    while (left > 0) {
      left -= 1
      socket.write(request)
      await once(socket, 'data')
    }
    socket.destroy()
  })
  await Promise.all(connections)
  return front.passed.length - before - REQUESTS
}

const apart = (n: number) => `127.20.${n}.9`
const together = (n: number) => `127.20.0.${n + 2}`

describe('1.4: while 200 addresses with 4 connections each ask without a login', { timeout: 60_000 }, () => {
  it.each(['/api/trpc/mail.list', '/_next/static/chunks/a.js', '/inbox', '/img-proxy/'])(
    'a signed-in user at one of them has a turn after a few of theirs: %s',
    async (path) => {
      const front = await startFront()
      front.known.note(SESSION, { id: 'usr_1', userId: 'usr_1', tenantId: 'ten_1', name: 'Ann', sessionId: 'ses_1' })
      await flood(front, apart)
      const turns = await turnsDuring(front, OFFICE, requestOf(path, `Cookie: mairust_sid=${SESSION}\r\n`))
      expect(turns).toBeLessThan(TURNS * REQUESTS)
    },
  )

  it.each([
    ['the files of a page', OFFICE, '/_next/static/chunks/a.js'],
    ['the files of a page', '127.99.0.1', '/_next/static/chunks/a.js'],
    ['a login or a health check', OFFICE, '/api/v1/health'],
  ])('%s comes after a few turns of theirs, to %s', async (_what, address, path) => {
    const front = await startFront()
    await flood(front, apart)
    expect(await turnsDuring(front, address, requestOf(path))).toBeLessThan(TURNS * REQUESTS)
  })

  it('an address elsewhere has a turn after a few of theirs when they are neighbours', async () => {
    const front = await startFront()
    await flood(front, together)
    expect(await turnsDuring(front, '127.99.0.1', requestOf('/img-proxy/'))).toBeLessThan(TURNS * REQUESTS)
  })

  it('a made-up session gains nothing', async () => {
    const front = await startFront()
    front.known.note('t'.repeat(43), null)
    await flood(front, apart)
    const turns = await turnsDuring(front, '127.99.0.1', requestOf('/img-proxy/', `Cookie: mairust_sid=${SESSION}\r\n`))
    expect(turns).toBeGreaterThan(TURNS * REQUESTS)
  })
})
