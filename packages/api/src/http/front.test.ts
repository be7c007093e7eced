import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { makeFront, startFront, statusOf, type TestFront } from '../testing/front.ts'

let front: TestFront

describe('1.5: what never reaches Next', () => {
  it.each([
    ['TRACE', 'TRACE / HTTP/1.1\nHost: localhost', 400],
    ['a WebDAV method', 'PROPFIND /mail HTTP/1.1\nHost: localhost', 400],
    ['the server as a whole', 'OPTIONS * HTTP/1.1\nHost: localhost', 400],
    ['an absolute target', 'GET http://evil.example/ HTTP/1.1\nHost: localhost', 400],
    ['a target that starts with a host', 'GET //evil.example/ HTTP/1.1\nHost: localhost', 400],
    ['a target that browsers treat as a host', 'GET /\\evil.example/ HTTP/1.1\nHost: localhost', 400],
    ['broken percent-encoding', 'GET /%E0%A4%A HTTP/1.1\nHost: localhost', 400],
    ['a target with non-ASCII bytes', 'GET /\u009b31m HTTP/1.1\nHost: localhost', 400],
    ['an invalid host', 'GET / HTTP/1.1\nHost: a b', 400],
    ['two hosts', 'GET / HTTP/1.1\nHost: localhost\nHost: localhost', 400],
    ['thousands of parameters', `GET /api/health?${'a&'.repeat(6000)} HTTP/1.1\nHost: localhost`, 400],
    ['no host', 'GET / HTTP/1.0', 400],
    ['a server action', 'POST / HTTP/1.1\nHost: localhost\nNext-Action: \u001b[31mx\nContent-Length: 0', 400],
    ['a server action by GET', 'GET / HTTP/1.1\nHost: localhost\nNext-Action: x', 400],
    ['a broken router state', 'GET /mail HTTP/1.1\nHost: localhost\nNext-Router-State-Tree: %7Bx', 400],
    ['an undecodable router state', 'GET /mail HTTP/1.1\nHost: localhost\nNext-Router-State-Tree: %', 400],
    ['a path that leaves the API', 'POST /api/v1/../../login HTTP/1.1\nHost: localhost\nContent-Length: 0', 400],
    ['an encoded path that leaves the API', 'POST /api/v1/%2E./x HTTP/1.1\nHost: localhost\nContent-Length: 0', 400],
    ['an unexpected body', 'GET /mail HTTP/1.1\nHost: localhost\nContent-Length: 5', 400],
    ['an unexpected body of unknown length', 'HEAD / HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked', 400],
    ['a router state of another shape', 'GET / HTTP/1.1\nHost: localhost\nNext-Router-State-Tree: %5B1%5D', 400],
    ['a change below a procedure', 'POST /api/trpc/a/b HTTP/1.1\nHost: localhost\nContent-Length: 0', 404],
    ['a change to a page', 'POST /login HTTP/1.1\nHost: localhost\nContent-Length: 0', 404],
    ['a change to a look-alike of the API', 'POST /api/v1x HTTP/1.1\nHost: localhost\nContent-Length: 0', 404],
    ['a path with a backslash', 'GET /m/x\\y HTTP/1.1\nHost: localhost', 400],
    ['a path with a fragment', 'GET /m/x/#y HTTP/1.1\nHost: localhost', 400],
    ['an unknown path of the framework', 'GET /_next/nope HTTP/1.1\nHost: localhost', 404],
    ['the data of a page', 'GET /_next/data/build/login.json HTTP/1.1\nHost: localhost', 404],
    ['the framework itself', 'HEAD /_next?x HTTP/1.1\nHost: localhost', 404],
    ['almost its static files', 'GET /_next//static/a.js HTTP/1.1\nHost: localhost', 404],
    ['image resizing', 'GET /_next/image?url=%2Ficon.svg&w=64&q=75 HTTP/1.1\nHost: localhost', 404],
  ])('is %s', async (_name, head, status) => {
    front = await startFront()
    const answer = await front.send(head)
    expect(statusOf(answer)).toBe(status)
    expect(front.passed).toEqual([])
    expect(answer).toMatch(/^[\x20-\x7e\r\n]*$/)
  })

  it('gets the security headers of a page', async () => {
    front = await startFront()
    const answer = await front.send('GET /_next/nope HTTP/1.1\nHost: localhost')
    expect(answer).toMatch(/^content-security-policy: default-src 'none'; frame-ancestors 'none'\r$/im)
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im)
    expect(answer).toMatch(/^referrer-policy: no-referrer\r$/im)
  })

  it('is OPTIONS, answered without allowing cross-origin requests', async () => {
    front = await startFront()
    const answer = await front.send('OPTIONS /api/v1/me HTTP/1.1\nHost: localhost\nOrigin: https://evil.example')
    expect(statusOf(answer)).toBe(204)
    expect(answer).not.toMatch(/access-control/i)
    expect(front.passed).toEqual([])
  })

  it('is the framework’s internal header fields', async () => {
    front = await startFront()
    await front.send(
      'GET /mail HTTP/1.1\nHost: localhost\nX-Middleware-Subrequest: a\nX-Invoke-Path: /x\nX-Real-IP: 1\nRSC: 1',
    )
    expect(front.passed[0]?.headers).toEqual(expect.arrayContaining(['host', 'x-real-ip', 'rsc']))
    expect(front.passed[0]?.headers.filter((name) => name.startsWith('x-'))).toEqual(['x-real-ip'])
  })

  it.each([
    'GET /mail/inbox?q=%E8%AB%8B HTTP/1.1\nHost: localhost:8080',
    'HEAD / HTTP/1.1\nHost: [::1]:8080',
    'GET /_next/static/chunks/a.js HTTP/1.1\nHost: localhost',
    'GET /mail?q=a\\b HTTP/1.1\nHost: localhost',
    'POST /api/trpc/auth.login HTTP/1.1\nHost: mail.example\nContent-Length: 0',
    'DELETE /api/v1/messages/msg_1 HTTP/1.1\nHost: mail.example\nContent-Length: 0',
    'GET /mail HTTP/1.1\nHost: localhost\nNext-Router-State-Tree: %5B%22%22%2C%7B%22children%22%3A%5B%22mail%22%2C%7B%7D%5D%7D%5D',
  ])('is no ordinary request: %s', async (head) => {
    front = await startFront()
    expect(statusOf(await front.send(head))).toBe(200)
    expect(front.passed).toHaveLength(1)
  })
})

describe('1.10: only known hosts get an answer if server.public_url is set', () => {
  const settings = { server: { public_url: 'https://mail.example' } }
  const ask = async (host: string, path = '/mail') => statusOf(await front.send(`GET ${path} HTTP/1.1\nHost: ${host}`))

  it('knows the public host and the names of this machine', async () => {
    front = await startFront(settings)
    for (const host of ['mail.example', 'MAIL.example:443', 'localhost', 'localhost:8080', '127.0.0.1:1', '[::1]']) {
      expect([host, await ask(host)]).toEqual([host, 200])
    }
    for (const host of [
      'evil.example',
      'mail.example.evil.example',
      'mail.example:80',
      '192.0.2.1',
      'localhost.evil.example',
    ]) {
      expect([host, await ask(host)]).toEqual([host, 400])
    }
    expect(await front.send('GET / HTTP/1.1\nHost: evil.example')).toContain('set server.public_url')
    expect(await ask('10.0.0.7:8080', '/api/health')).toBe(200)
  })

  it('accepts any host from a trusted proxy', async () => {
    front = await startFront({ ...settings, web: { trusted_proxies: ['127.0.0.1'] } })
    expect(await ask('mairust:8080')).toBe(200)
  })

  it('answers every host otherwise', async () => {
    front = await startFront()
    expect(await ask('anything.example')).toBe(200)
  })
})

describe('1.4: connections to the web port', () => {
  const connected = async () => {
    const opened = front.open()
    await once(opened.socket, 'connect')
    return opened
  }

  it('are limited for each address, and excess ones get 503', async () => {
    front = await startFront({ web: { limits: { per_address: 2 } } })
    const first = await connected()
    await connected()
    expect(await (await connected()).answer).toMatch(/^HTTP\/1\.1 503 .*Retry-After/s)
    first.socket.end()
    await first.answer
    await expect.poll(() => front.send('GET / HTTP/1.1\nHost: localhost').then(statusOf)).toBe(200)
  })

  it('are limited in all, even from proxies', async () => {
    front = await startFront({ web: { limits: { connections: 2, per_address: 1 }, trusted_proxies: ['127.0.0.1'] } })
    const first = await connected()
    await connected()
    const third = await connected()
    expect(await first.answer).toBe('')
    third.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(statusOf(await third.answer)).toBe(200)
  })
})

it('the time limit of requests has room for the largest message over 256 kbit/s', () => {
  const requestMs = (size: number): number => makeFront({ smtp: { max_message_size_mb: size } }).requestMs()
  for (const size of [1, 50, 1024]) {
    const encoded = (size * 1_048_576 * 4) / 3
    expect(requestMs(size)).toBeGreaterThan(encoded / 28)
    expect(requestMs(size)).toBeLessThan(encoded / 16 + 300_000)
  }
})
