import { addressTopic, type Changes, domainTopic, everyTenant, tenantTopic, type Topic } from '@mairust/db'
import type { Directory } from '@mairust/mail-core/inbound'
import { requireKey } from '@mairust/mail-core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { cachedDirectory } from './directory.ts'

describe('the cached directory', () => {
  let asked: string[]
  let answer: () => Promise<null>
  let tell: (topic: Topic) => void
  let directory: ReturnType<typeof cachedDirectory>

  beforeEach(() => {
    asked = []
    answer = () => Promise.resolve(null)
    const ask = (what: string) => {
      asked.push(what)
      return answer()
    }
    // Every lookup finds nothing: only which lookups are made matters here.
    const source = {
      domain: (name: string) => ask(name),
      address: (tenantId: string, key: string) => ask(`${tenantId} ${key}`),
      postmaster: (tenantId: string) => ask(`${tenantId} postmaster`),
      defaultTenant: () => ask('default'),
      hasDomains: () => ask('any domain'),
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
    await directory.address('a', requireKey('y@a.example'))
    await directory.address('b', requireKey('x@b.example'))
    await directory.postmaster('a')
    await directory.postmaster('b')
    await directory.domain('a.example')
    await directory.domain('b.example')
    await directory.defaultTenant()
    await directory.hasDomains()
    return [...asked]
  }
  const ALL = [
    'a x@a.example',
    'a y@a.example',
    'b x@b.example',
    'a postmaster',
    'b postmaster',
    'a.example',
    'b.example',
    'default',
    'any domain',
  ]

  it('looks up once', async () => {
    expect(await look()).toEqual(ALL)
    expect(await look()).toEqual([])
  })

  it.each<[string, Topic, string[]]>([
    ['an address', addressTopic('a', 'x@a.example'), ['a x@a.example', 'a postmaster']],
    ['an address that was not asked for', addressTopic('a', 'z@a.example'), ['a postmaster']],
    ['a quoted address with a colon', addressTopic('a', '"x:y"@a.example'), ['a postmaster']],
    ['a tenant’s addresses', tenantTopic('addresses', 'a'), ['a x@a.example', 'a y@a.example', 'a postmaster']],
    ['a domain', domainTopic('a', 'a.example'), ['a x@a.example', 'a y@a.example', 'a.example', 'any domain']],
    ['a user’s role', tenantTopic('users', 'a'), ['a x@a.example', 'a y@a.example', 'a postmaster', 'default']],
    ['a tenant’s domains', tenantTopic('domains', 'a'), ALL],
    ['missed changes of addresses', everyTenant('addresses'), ALL],
    ['missed changes of domains', everyTenant('domains'), ALL],
    ['missed changes of users', everyTenant('users'), ALL],
  ])('forgets what depends on %s, and nothing else', async (_what, topic, anew) => {
    await look()
    tell(topic)
    expect(await look()).toEqual(anew)
    expect(await look()).toEqual([])
  })

  it('does not cache an answer that was on its way when its address changed', async () => {
    const held = Promise.withResolvers<null>()
    answer = () => held.promise
    const first = directory.address('a', requireKey('x@a.example'))
    tell(addressTopic('a', 'x@a.example'))
    answer = () => Promise.resolve(null)
    const second = directory.address('a', requireKey('x@a.example'))
    held.resolve(null)
    await Promise.all([first, second])
    expect(asked).toEqual(['a x@a.example', 'a x@a.example'])
    expect(await look()).not.toContain('a x@a.example')
  })
})
