import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../address/index.ts'
import { arbitraryAddress } from '../testing/index.ts'
import { isSrs, srsForward, srsReverse, type SrsSettings } from './index.ts'

const settings: SrsSettings = { domain: 'srs.example.net', secrets: ['secretsecretsecret'] }
const now = new Date('2026-11-28T13:27:32Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const address = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const forward = (text: string, rest: Partial<SrsSettings> = {}, at = now) => {
  const made = srsForward(address(text), { ...settings, ...rest }, at)
  return made === null ? null : formatAddress(made)
}
const reverse = (text: string, rest: Partial<SrsSettings> = {}, at = now) => {
  const found = srsReverse(address(text), { ...settings, ...rest }, at)
  return found.ok ? formatAddress(found.address) : found.problem
}

/** What postsrsd 1.10 (Debian 12) answered on that day with that secret, forward and, of the result, in reverse. */
const POSTSRSD: readonly [string, string, string][] = [
  ['alice@example.com', 'SRS0=amco=JR=example.com=alice', 'alice@example.com'],
  ['Bob.Smith+tag@example.com', 'SRS0=qoe5=JR=example.com=Bob.Smith+tag', 'Bob.Smith+tag@example.com'],
  ['a=b@example.com', 'SRS0=YFGd=JR=example.com=a=b', 'a=b@example.com'],
  ['x-y_z@sub.example.co.jp', 'SRS0=4EWk=JR=sub.example.co.jp=x-y_z', 'x-y_z@sub.example.co.jp'],
  [
    'SRS0=abcd=TT=example.com=bob@other.example',
    'SRS1=753i=other.example==abcd=TT=example.com=bob',
    'SRS0=abcd=TT=example.com=bob@other.example',
  ],
  [
    'SRS0+abcd=TT=example.com=bob@other.example',
    'SRS1=a/zS=other.example=+abcd=TT=example.com=bob',
    'SRS0+abcd=TT=example.com=bob@other.example',
  ],
  [
    'SRS1=abcd=first.example==HHHH=TT=example.com=bob@second.example',
    'SRS1=ZCZm=first.example==HHHH=TT=example.com=bob',
    'SRS0=HHHH=TT=example.com=bob@first.example',
  ],
]

describe('SRS', () => {
  it.each(POSTSRSD)('rewrites %s as postsrsd does, and back', (sender, local, original) => {
    expect(forward(sender)).toBe(`${local}@srs.example.net`)
    expect(reverse(`${local}@srs.example.net`)).toBe(original)
  })

  it('finds the sender in an address whose case was changed', () => {
    expect(reverse('srs0=amco=jr=example.com=alice@srs.example.net')).toBe('alice@example.com')
    expect(reverse('SRS0=AMCO=JR=EXAMPLE.COM=ALICE@srs.example.net')).toBe('ALICE@example.com')
  })

  it('finds it with any of the three separators after the tag', () => {
    for (const separator of ['=', '-', '+']) {
      expect(reverse(`SRS0${separator}amco=JR=example.com=alice@srs.example.net`)).toBe('alice@example.com')
    }
  })

  it('refuses what it did not make', () => {
    expect(reverse('alice@srs.example.net')).toBe('not_srs')
    expect(reverse('SRS2=amco=JR=example.com=alice@srs.example.net')).toBe('not_srs')
    expect(reverse('SRS0=amcp=JR=example.com=alice@srs.example.net')).toBe('hash')
    expect(reverse('SRS0=amco=JR=example.com=mallory@srs.example.net')).toBe('hash')
    expect(reverse('SRS0=amco=JS=example.com=alice@srs.example.net')).toBe('hash')
    expect(reverse('SRS0=amc=JR=example.com=alice@srs.example.net')).toBe('hash')
    expect(reverse('SRS0=amcox=JR=example.com=alice@srs.example.net')).toBe('hash')
    expect(reverse('SRS0=amco=J1=example.com=alice@srs.example.net')).toBe('syntax')
    expect(reverse('SRS0=amco=JR=alice@srs.example.net')).toBe('syntax')
    expect(reverse('SRS0=amco=JR==alice@srs.example.net')).toBe('syntax')
    expect(reverse('SRS1=753j=other.example==abcd=TT=example.com=bob@srs.example.net')).toBe('hash')
    expect(reverse('SRS1=753i@srs.example.net')).toBe('syntax')
  })

  it('accepts an address for 21 days, and one of tomorrow', () => {
    const made = 'SRS0=amco=JR=example.com=alice@srs.example.net'
    expect(reverse(made, {}, days(21))).toBe('alice@example.com')
    expect(reverse(made, {}, days(22))).toBe('expired')
    expect(reverse(made, {}, days(-1))).toBe('alice@example.com')
    expect(reverse(made, {}, days(-2))).toBe('expired')
    expect(reverse(made, { maxAgeDays: 2 }, days(3))).toBe('expired')
  })

  it('accepts what an earlier secret signed', () => {
    const made = 'SRS0=amco=JR=example.com=alice@srs.example.net'
    expect(reverse(made, { secrets: ['new', 'secretsecretsecret'] })).toBe('alice@example.com')
    expect(reverse(made, { secrets: ['new'] })).toBe('hash')
  })

  it('has a hash as long as asked, and accepts shorter ones only if told so', () => {
    const long = forward('alice@example.com', { hashLength: 8 }) ?? ''
    expect(long).toMatch(/^SRS0=amco.{4}=JR=example\.com=alice@/)
    expect(reverse(long, { hashLength: 8 })).toBe('alice@example.com')
    expect(reverse('SRS0=amco=JR=example.com=alice@srs.example.net', { hashLength: 8 })).toBe('hash')
    expect(reverse('SRS0=amco=JR=example.com=alice@srs.example.net', { hashLength: 8, minHashLength: 4 })).toBe(
      'alice@example.com',
    )
  })

  it('leaves our own addresses as they are', () => {
    expect(forward('alice@srs.example.net')).toBe('alice@srs.example.net')
  })

  it('makes no local part that is too long (RFC 5321 §4.5.3.1.1)', () => {
    expect(forward(`${'a'.repeat(38)}@example.com`)).not.toBe(null)
    expect(forward(`${'a'.repeat(40)}@example.com`)).toBe(null)
  })

  it('knows its addresses', () => {
    expect(isSrs(address('SRS0=amco=JR=example.com=alice@x.example'))).toBe(true)
    expect(isSrs(address('srs0-x@x.example'))).toBe(true)
    expect(isSrs(address('srs@x.example'))).toBe(false)
  })

  it('gives back every address that it rewrote, over any number of forwarders', () => {
    const domains = ['one.example', 'two.example', 'three.example']
    fc.assert(
      fc.property(arbitraryAddress, (sender) => {
        const chain = [sender]
        for (const domain of domains) {
          const made = srsForward(chain.at(-1) ?? sender, { ...settings, domain }, now)
          if (made === null) return
          chain.push(made)
        }
        // SRS1 always goes straight back to the first forwarder.
        const back = srsReverse(chain[3] ?? sender, settings, now)
        if (isSrs(sender)) return
        expect(back).toMatchObject({ ok: true, address: { domain: 'one.example' } })
        if (!back.ok) return
        expect(srsReverse(back.address, settings, now)).toEqual({ ok: true, address: sender })
      }),
    )
  })

  it('never throws, and finds nothing in what it did not make', () => {
    const part = fc.constantFrom('SRS0', 'SRS1', '=', '+', 'amco', 'JR', 'example.com', 'alice', '', 'é')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const localPart = parts.join('')
        const found = srsReverse(
          { localPart, domain: 'srs.example.net', literal: false },
          { ...settings, secrets: ['other'] },
          now,
        )
        expect(found.ok).toBe(false)
      }),
    )
  })
})
