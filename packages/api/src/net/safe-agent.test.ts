import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createResolveAll, type ResolveAll } from './resolve-all.ts'
import { createSafeAgent, requireSafeUrl, UnsafeAddressError } from './safe-agent.ts'

describe('a URL to load from', () => {
  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/html,x',
    'http://user@example.com/',
    'http://user:pass@example.com/',
    'http://example.com:22/',
    'http://example.com:6379/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://１２７.０.０.１/',
    'http://10.0.0.1:8080/',
    'nonsense',
    '',
  ])('%s is refused', (url) => {
    expect(() => requireSafeUrl(url)).toThrow(UnsafeAddressError)
  })

  it.each(['http://example.com/', 'https://example.com:8443/x', 'http://8.8.8.8/', 'https://[2606:4700:4700::1111]/'])(
    '%s is accepted',
    (url) => {
      expect(requireSafeUrl(url).href).toBe(url)
    },
  )

  it('may be on a private network if the operator allows the host, on that port only', () => {
    expect(requireSafeUrl('http://127.0.0.1:9000/', undefined, ['127.0.0.1:9000']).port).toBe('9000')
    expect(() => requireSafeUrl('http://127.0.0.1:9001/', undefined, ['127.0.0.1:9000'])).toThrow(UnsafeAddressError)
  })
})

describe('the agent', () => {
  let server: Server
  let port: number
  let hits = 0
  beforeAll(async () => {
    server = createServer((_request, response) => {
      hits += 1
      response.end('secret')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const load = async (
    host: string,
    resolve: ResolveAll = createResolveAll({ servers: [], timeout_ms: 2000 }),
    allowedHosts?: string[],
  ) => {
    const agent = createSafeAgent({ resolve, allowedHosts })
    try {
      const answer = await request(`http://${host}:${port}/`, { dispatcher: agent })
      return await answer.body.text()
    } finally {
      await agent.close()
    }
  }
  const answering =
    (...addresses: string[]): ResolveAll =>
    () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))

  it.each([
    ['loopback in numbers', '127.0.0.1', undefined],
    ['IPv6 loopback', '[::1]', undefined],
    ['mapped loopback', '[::ffff:127.0.0.1]', undefined],
    ['localhost', 'localhost', undefined],
    ['a name for loopback', 'inside.example', answering('127.0.0.1')],
    ['a name for a mapped address', 'inside.example', answering('::ffff:127.0.0.1')],
    ['a name with one private address among public ones', 'mixed.example', answering('8.8.8.8', '127.0.0.1')],
    ['a name without addresses', 'empty.example', answering()],
  ])('does not connect to %s', async (_name, host, resolve) => {
    await expect(load(host, resolve)).rejects.toThrow(/private network/)
    expect(hits).toBe(0)
  })

  it('resolves a name once for each connection, so that it connects to the address that it checked', async () => {
    const answers = ['8.8.8.8', '127.0.0.1']
    let asked = 0
    const rebinding: ResolveAll = () => {
      const address = answers[asked] ?? '127.0.0.1'
      asked += 1
      return Promise.resolve([{ address, family: 4 }])
    }
    // Nothing listens at the public address; what counts is that nothing reached the local server.
    const agent = createSafeAgent({ resolve: rebinding })
    const signal = AbortSignal.timeout(300)
    await expect(request(`http://rebind.example:${port}/`, { dispatcher: agent, signal })).rejects.toThrow()
    await agent.destroy()
    expect(asked).toBe(1)
    expect(hits).toBe(0)
  })

  it('connects to a private host that the operator allows', async () => {
    expect(await load('127.0.0.1', undefined, [`127.0.0.1:${port}`])).toBe('secret')
    await expect(load('localhost', undefined, [`127.0.0.1:${port}`])).rejects.toThrow(/private network/)
  })
})
