import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ProviderId, PROVIDERS, providerOfHost } from './providers.ts'
import { connectionReuse, siteOfHosts, siteOfRoute } from './site.ts'

describe('a site', () => {
  it('is the set of host names, whatever their order and case', () => {
    expect(siteOfHosts(['b.example.', 'A.example', 'a.example'])).toEqual({
      key: 'a.example,b.example',
      provider: null,
      hosts: ['a.example', 'b.example'],
    })
    expect(siteOfHosts(['b.example', 'a.example']).key).toBe(siteOfHosts(['A.example', 'B.example']).key)
  })

  it.each<[string, ProviderId]>([
    ['aspmx.l.google.com', 'google'],
    ['alt1.gmail-smtp-in.l.google.com', 'google'],
    ['aspmx2.googlemail.com', 'google'],
    ['hotmail-com.olc.protection.outlook.com', 'outlook'],
    ['contoso-com.mail.protection.outlook.com', 'microsoft'],
    ['contoso-com.k-v1.mx.microsoft', 'microsoft'],
    ['mta5.am0.yahoodns.net', 'yahoo'],
    ['mx-aol.mail.gm0.yahoodns.net', 'yahoo'],
    ['mx01.mail.icloud.com', 'apple'],
    ['mfsmax.docomo.ne.jp', 'docomo'],
    ['lsean.ezweb.ne.jp', 'au'],
    ['msmx.au.com', 'au'],
    ['mx.softbank.ne.jp', 'softbank'],
    ['mx.i.softbank.jp', 'softbank'],
    ['mx1.mail.yahoo.co.jp', 'yahoo_jp'],
    ['mx00.emig.gmx.net', 'gmx'],
    ['mx-ha02.web.de', 'gmx'],
    ['mxs.mail.ru', 'mail_ru'],
    ['mx1.qq.com', 'tencent'],
    ['163mx01.mxmail.netease.com', 'netease'],
    ['mx1.mail.ovh.net', 'ovh'],
    ['mxb-00176a02.gslb.pphosted.com', 'proofpoint'],
    ['eu-smtp-inbound-1.mimecast.com', 'mimecast'],
  ])('O36 with %s is of %s', (host, provider) => {
    expect(siteOfHosts([host])).toMatchObject({ provider, key: `provider:${provider}` })
  })

  it('O36 is a provider’s only if every host is', () => {
    expect(siteOfHosts(['aspmx.l.google.com', 'mx.example.com']).provider).toBe(null)
    expect(siteOfHosts(['aspmx.l.google.com', 'mta5.am0.yahoodns.net']).provider).toBe(null)
    expect(siteOfHosts(['notgoogle.com']).provider).toBe(null)
    expect(siteOfHosts(['google.com']).provider).toBe(null)
    expect(siteOfHosts(['google.com.example.org']).provider).toBe(null)
    expect(siteOfHosts([]).provider).toBe(null)
  })

  it('O36 is not a provider’s when the host is a customer’s machine', () => {
    expect(siteOfHosts(['mx1.comcast.net']).provider).toBe('comcast')
    expect(siteOfHosts(['c-192-0-2-1.hsd1.ca.comcast.net']).provider).toBe(null)
    expect(siteOfHosts(['ip-192-0-2-1.ip.secureserver.net']).provider).toBe(null)
    expect(siteOfHosts(['vps-1234.vps.ovh.net']).provider).toBe(null)
  })

  it('O36 has a provider exactly when all its hosts have that one', () => {
    const hosts = Object.values(PROVIDERS).flatMap((each) =>
      each.hosts.map((pattern) => `mx${pattern.replace('*', '')}`),
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...hosts, 'mx.example.org'), { minLength: 1, maxLength: 4 }), (names) => {
        const [first = null] = names.map(providerOfHost)
        const same = names.every((name) => providerOfHost(name) === first)
        expect(siteOfHosts(names).provider).toBe(same ? first : null)
      }),
    )
  })

  it('has a short key even with long names', () => {
    const names = Array.from({ length: 20 }, (_, index) => `mx${index}.${'a'.repeat(60)}.example`)
    expect(siteOfHosts(names).key).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(siteOfHosts(names).key).not.toBe(siteOfHosts(names.slice(1)).key)
  })

  it('of a route is its host and port', () => {
    expect(siteOfRoute('Relay.example.', 587)).toEqual({
      key: 'route:relay.example:587',
      provider: null,
      hosts: ['relay.example'],
    })
    expect(siteOfRoute('smtp-relay.google.com', 587)).toMatchObject({ provider: 'google' })
  })

  it('O19 reuses a connection for 100 messages, and as few as the provider wants', () => {
    expect(connectionReuse({ provider: null })).toEqual({ messages: 100, idleSeconds: 60, totalSeconds: 300 })
    expect(connectionReuse({ provider: 'google' }).messages).toBe(50)
    expect(connectionReuse({ provider: 'yahoo' }).messages).toBe(20)
    expect(connectionReuse({ provider: 'apple' }).messages).toBe(5)
    expect(connectionReuse({ provider: 'docomo' }).messages).toBe(100)
  })
})
