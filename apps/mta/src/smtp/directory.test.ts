import type { Changes, Topic } from '@mairust/db'
import type { Directory } from '@mairust/mail-core/inbound'
import { requireKey } from '@mairust/mail-core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { cachedDirectory } from './directory.ts'

describe('the cached directory', () => {
  let asked: string[]
  let tell: (topic: Topic) => void
  let directory: ReturnType<typeof cachedDirectory>

  beforeEach(() => {
    asked = []
    const ask = (what: string) => {
      asked.push(what)
      return Promise.resolve(null)
    }
    // Every lookup finds nothing: only which lookups are made matters here.
    const source = {
      domain: (name: string) => ask(name),
      address: (tenantId: string, key: string) => ask(`${tenantId} ${key}`),
      postmaster: (tenantId: string) => ask(`${tenantId} postmaster`),
      defaultTenant: () => ask('default'),
    } as unknown as Directory
    const heard: { topic: string; fn: (topic: Topic) => void }[] = []
    const changes: Pick<Changes, 'subscribe'> = {
      subscribe: (topic, fn) => {
        heard.push({ topic, fn })
        return () => undefined
      },
    }
    tell = (topic) => {
      for (const { topic: pattern, fn } of heard) if (topic.startsWith(pattern.replace('*', ''))) fn(topic)
    }
    directory = cachedDirectory(source, changes)
  })

  const look = async () => {
    asked.length = 0
    await directory.address('a', requireKey('x@a.example'))
    await directory.address('b', requireKey('x@b.example'))
    await directory.postmaster('b')
    await directory.domain('a.example')
    return [...asked]
  }
  const ALL = ['a x@a.example', 'b x@b.example', 'b postmaster', 'a.example']

  it('looks up once', async () => {
    expect(await look()).toEqual(ALL)
    expect(await look()).toEqual([])
  })

  it.each<Topic>(['addresses:a', 'users:a'])('forgets what depends on %s, but not other tenants', async (topic) => {
    await look()
    tell(topic)
    expect(await look()).toEqual(['a x@a.example', 'a.example'])
    expect(await look()).toEqual([])
  })

  it.each<Topic>(['domains:a', 'addresses:*'])('forgets everything after %s', async (topic) => {
    await look()
    tell(topic)
    expect(await look()).toEqual(ALL)
  })
})
