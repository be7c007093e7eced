import { describe, expect, it } from 'vitest'
import { allowsServer, countSpfLookups, mergeSpf } from './index.ts'

const SERVER = { domain: 'x.example', hostname: 'mail.y.example', addresses: ['192.0.2.7', '2001:db8::7'] }
const merge = (texts: readonly string[], lookups = 1, server = SERVER) => mergeSpf(texts, server, false, lookups)

describe('an SPF record', () => {
  it('is new where there is none', () => {
    expect(merge([])).toEqual({ value: 'v=spf1 mx a:mail.y.example -all', note: null })
    expect(merge(['google-site-verification=x', 'v=spf10 -all']).value).toBe('v=spf1 mx a:mail.y.example -all')
  })

  it.each([
    ['v=spf1 include:_spf.z.example ~all', 'v=spf1 include:_spf.z.example a:mail.y.example ~all'],
    ['v=spf1 -all', 'v=spf1 a:mail.y.example -all'],
    ['v=spf1  ip4:198.51.100.1  ?ALL', 'v=spf1 ip4:198.51.100.1 a:mail.y.example ?ALL'],
    ['v=spf1 mx redirect=_spf.z.example', 'v=spf1 mx a:mail.y.example redirect=_spf.z.example'],
    ['v=spf1', 'v=spf1 a:mail.y.example'],
    ['v=spf1 a:mail.y.example.evil.example -all', 'v=spf1 a:mail.y.example.evil.example a:mail.y.example -all'],
    ['v=spf1 -a:mail.y.example all', 'v=spf1 -a:mail.y.example a:mail.y.example all'],
    ['v=spf1 -all a:mail.y.example', 'v=spf1 a:mail.y.example -all a:mail.y.example'],
  ])('%s becomes %s', (present, value) => {
    expect(merge([present])).toEqual({ value, note: null })
  })

  it.each([
    'v=spf1 a:mail.y.example -all',
    'v=spf1 +A:Mail.Y.Example. -all',
    'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all',
    'v=spf1 ip4:192.0.2.7 ip6:2001:db8::7',
  ])('%s stays as it is', (present) => {
    expect(merge([present])).toEqual({ value: present, note: null })
  })

  it('allows the server as mx only when the mail comes to it', () => {
    expect(allowsServer('v=spf1 mx -all', SERVER, true)).toBe(true)
    expect(allowsServer('v=spf1 mx -all', SERVER, false)).toBe(false)
    expect(allowsServer('v=spf1 mx:z.example -all', SERVER, true)).toBe(false)
    expect(allowsServer('v=spf1 ip4:192.0.2.7 -all', SERVER, true)).toBe(false)
    expect(allowsServer('v=spf1 ip4:nonsense ip4:192.0.2.7/99 -all', SERVER, true)).toBe(false)
  })

  it('gets addresses, which cost nothing, when it has ten look-ups already', () => {
    expect(merge(['v=spf1 include:a -all'], 10)).toEqual({
      value: 'v=spf1 include:a ip4:192.0.2.7 ip6:2001:db8::7 -all',
      note: null,
    })
    expect(merge(['v=spf1 include:a -all'], 10, { ...SERVER, addresses: [] }).note).toContain('more than 10 look-ups')
    expect(merge(['v=spf1 include:a -all'], 11).note).toContain('more than 10 look-ups')
  })

  it('must be the only one, and of printable ASCII', () => {
    expect(merge(['v=spf1 -all', 'v=spf1 mx -all']).note).toContain('several')
    expect(merge(['v=spf1 x\nevil. IN A 192.0.2.1 -all'])).toEqual({
      value: 'v=spf1 mx a:mail.y.example -all',
      note: 'The present SPF record has invalid characters.',
    })
  })

  it('is counted with all that it includes, up to one look-up too many', async () => {
    const records = new Map([
      ['one', 'v=spf1 a mx/24 ip4:192.0.2.1 -all'],
      ['two', 'v=spf1 include:one ~exists:%{i}.x redirect=one'],
      ['loop', 'v=spf1 include:loop -all'],
    ])
    const asked: string[] = []
    const count = (record: string) =>
      countSpfLookups(record, (name) => {
        asked.push(name)
        return Promise.resolve(records.get(name) ?? null)
      })
    expect(await count('v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 exp=why.example -all')).toBe(0)
    expect(await count('v=spf1 a a:b ptr ?mx:c -all')).toBe(4)
    expect(await count('v=spf1 include:one -all')).toBe(3)
    expect(await count('v=spf1 +include:two include:absent include:%{d}.x -all')).toBe(10)
    expect(asked).not.toContain('%{d}.x')
    expect(await count('v=spf1 include:loop -all')).toBe(11)
  })
})
