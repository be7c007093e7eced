import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLog } from '@mairust/log'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeys } from './auth/keys.ts'
import { createImageProxy } from './image-proxy.ts'
import { createResolveAll } from './net/resolve-all.ts'
import { createSafeAgent } from './net/safe-agent.ts'
import { type Grant, grantKey, signTarget } from './render/signature.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
const NOW = new Date('2026-11-23T12:00:00Z')

let server: Server
let host: string
let handle: (request: IncomingMessage, response: ServerResponse) => void
let seen: IncomingMessage[]

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request)
    handle(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  seen = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const keys = createKeys(Buffer.alloc(32, 1))
const config = { dns: { servers: [], timeout_ms: 2000 } }
const runtime = { keys, now: () => NOW, log: silentLog, config }
const resolve = createResolveAll(config.dns)
const grant: Grant = { tenantId: 'tnt_1', userId: 'usr_1', messageId: 'msg_1', expires: new Date(NOW.getTime() + 1000) }
const sign = (url: string, by: Grant = grant): string =>
  signTarget(grantKey(keys.derive('render-signature'), by), by, { kind: 'image', url })

/** Requests an image from the proxy; `host` counts as a public address unless `allowed` is false. */
const ask = (url: string, options: { sig?: string; allowed?: boolean } = {}): Promise<Response> => {
  const allowedHosts = options.allowed === false ? [] : [host]
  const proxy = createImageProxy({ runtime, allowedHosts, agent: createSafeAgent({ allowedHosts, resolve }) })
  const query = new URLSearchParams({ u: url, sig: options.sig ?? sign(url) })
  return proxy(
    new Request(`http://mail.example/img-proxy/?${query.toString()}`, { headers: { cookie: 'mairust_sid=secret' } }),
  )
}

describe('the image proxy', () => {
  it('passes an image on, sandboxed, without cookies or referrer', async () => {
    handle = (_request, response) => response.setHeader('content-type', 'text/html').end(PNG)
    const answer = await ask(`http://${host}/a.png?x=1&y=2`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox') as string,
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, max-age=86400',
    })
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG)
    expect(seen.map(({ url }) => url)).toEqual(['/a.png?x=1&y=2'])
    expect(seen[0]?.headers).not.toHaveProperty('cookie')
    expect(seen[0]?.headers).not.toHaveProperty('referer')
  })

  it.each([
    ['without a signature', () => ''],
    ['with a signature for another address', () => sign('http://other.example/')],
    ['with an expired signature', () => sign(`http://${host}/`, { ...grant, expires: NOW })],
    ['with a forged user', () => sign(`http://${host}/`).replace('usr_1', 'usr_2')],
    ['with a later expiry', () => sign(`http://${host}/`).replace(/^\d+/, '9999999999')],
  ])('refuses an address %s', async (_name, sig) => {
    const answer = await ask(`http://${host}/`, { sig: sig() })
    expect(answer.status).toBe(403)
    expect(seen).toEqual([])
  })

  it.each(['http://127.0.0.1/', 'http://[::1]/', 'file:///etc/passwd', 'http://169.254.169.254/latest'])(
    'refuses %s even if it is signed',
    async (url) => {
      expect((await ask(url)).status).toBe(403)
    },
  )

  it('refuses a private address behind a redirect', async () => {
    handle = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    expect((await ask(`http://${host}/`)).status).toBe(403)
  })

  it('follows at most five redirects', async () => {
    handle = ({ url }, response) => {
      const left = Number(url?.slice(1))
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end('moved')
      else response.end(PNG)
    }
    expect((await ask(`http://${host}/5`)).status).toBe(200)
    expect((await ask(`http://${host}/6`)).status).toBe(403)
  })

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a page', '<html><script>alert(1)</script>'],
    ['nothing', ''],
    ['more than 10 MB', Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)])],
  ])('does not pass on %s', async (_name, body) => {
    handle = (_request, response) => response.setHeader('content-type', 'image/png').end(body)
    const answer = await ask(`http://${host}/`)
    expect(answer.status).toBe(502)
    expect(answer.headers.get('content-type')).toContain('text/plain')
  })

  describe('1.3: to slow readers', () => {
    const LARGE = Buffer.concat([PNG, Buffer.alloc(1024 * 1024)])
    const asks = (queue: Parameters<typeof createImageProxy>[0]['queue']) => {
      const allowedHosts = [host]
      const proxy = createImageProxy({
        runtime,
        allowedHosts,
        agent: createSafeAgent({ allowedHosts, resolve }),
        queue,
      })
      handle = (_request, response) => response.end(LARGE)
      return (userId: string): Promise<Response> => {
        const url = `http://${host}/large.png`
        const query = new URLSearchParams({ u: url, sig: sign(url, { ...grant, userId }) })
        return proxy(new Request(`http://mail.example/img-proxy/?${query.toString()}`))
      }
    }

    it('holds no more images in memory than allowed, and another reader still gets a turn', async () => {
      const askAs = asks({ width: 3, widthPerName: 2, waitMs: 60_000 })
      const held = [await askAs('usr_1'), await askAs('usr_1')]
      const third = askAs('usr_1')
      const others = await askAs('usr_2')
      expect((await others.arrayBuffer()).byteLength).toBe(LARGE.length)
      expect(seen).toHaveLength(3)
      await held[0]?.arrayBuffer()
      expect((await third).status).toBe(200)
      expect(seen).toHaveLength(4)
    })

    it('gives the place of a client that disconnects to the next', async () => {
      const askAs = asks({ width: 1, widthPerName: 1, waitMs: 60_000 })
      const gone = await askAs('usr_1')
      const next = askAs('usr_1')
      await gone.body?.cancel()
      expect((await next).status).toBe(200)
    })

    it('answers 503 if no turn comes', async () => {
      const askAs = asks({ width: 1, widthPerName: 1, waitMs: 1 })
      await askAs('usr_1')
      const answer = await askAs('usr_2')
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    })
  })

  it('does not pass on an error page', async () => {
    handle = (_request, response) => response.writeHead(404).end(PNG)
    expect((await ask(`http://${host}/`)).status).toBe(502)
  })

  it('cannot reach this machine by default', async () => {
    handle = (_request, response) => response.end(PNG)
    expect((await ask(`http://${host}/`, { allowed: false })).status).toBe(403)
    expect(seen).toEqual([])
  })
})
