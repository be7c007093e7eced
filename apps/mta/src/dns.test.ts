import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReverseLookup } from './dns.ts'

type Resolver = NonNullable<Parameters<typeof createReverseLookup>[0]['resolver']>

function lookup(resolver: Partial<Record<keyof Resolver, (name: string) => Promise<string[]>>>, now = () => 0) {
  const none = () => Promise.reject(new Error('ENOTFOUND'))
  const reverse = vi.fn(resolver.reverse ?? none)
  const find = createReverseLookup({
    servers: [],
    now,
    resolver: {
      reverse,
      resolve4: resolver.resolve4 ?? none,
      resolve6: resolver.resolve6 ?? none,
    } as unknown as Resolver,
  })
  return { find, reverse }
}

describe('a reverse lookup', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('returns a name that resolves back to the address', async () => {
    const { find } = lookup({
      reverse: () => Promise.resolve(['MX.remote.example.']),
      resolve4: () => Promise.resolve(['192.0.2.2', '192.0.2.1']),
    })
    expect(await find('192.0.2.1')).toBe('mx.remote.example')
    expect(await find('192.0.2.9')).toBeNull()
    expect(await find('2001:db8::1')).toBeNull()
  })

  it('rejects names that are not host names', async () => {
    for (const name of ['evil\r\nX: y', 'a b', '', '-x-']) {
      const { find } = lookup({
        reverse: () => Promise.resolve([name]),
        resolve4: () => Promise.resolve(['192.0.2.1']),
      })
      expect(await find('192.0.2.1')).toBeNull()
    }
  })

  it('waits at most a second, and caches for five minutes', async () => {
    let time = 0
    const { find, reverse } = lookup({ reverse: () => new Promise(() => undefined) }, () => time)
    const answer = find('192.0.2.1')
    await vi.advanceTimersByTimeAsync(1000)
    expect(await answer).toBeNull()
    expect(await find('192.0.2.1')).toBeNull()
    expect(reverse).toHaveBeenCalledTimes(1)
    time = 300_000
    void find('192.0.2.1')
    expect(reverse).toHaveBeenCalledTimes(2)
  })

  it('does not query DNS for loopback addresses', async () => {
    const { find, reverse } = lookup({})
    expect([await find('127.0.0.1'), await find('::1')]).toEqual(['localhost', 'localhost'])
    expect(reverse).not.toHaveBeenCalled()
  })
})
