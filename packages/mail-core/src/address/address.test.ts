import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryAddress, arbitraryDomain, arbitraryHostileText } from '../testing/index.ts'
import type { AddressProblem } from './index.ts'
import {
  addressKey,
  formatAddress,
  formatPath,
  normaliseAddress,
  parseAddress,
  parseDomain,
  parseForwardPath,
  parseReversePath,
  splitSubAddress,
} from './index.ts'

const requireAddress = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}
const long = (length: number) => 'a'.repeat(length)

describe('parseAddress', () => {
  it.each([
    ['user@example.com', 'user', 'example.com'],
    ['User.Name+tag@Example.COM', 'User.Name+tag', 'example.com'],
    ["!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~", 'example.com'],
    ['"quoted"@example.com', 'quoted', 'example.com'],
    ['"a@b"@example.com', 'a@b', 'example.com'],
    ['"a\\"b\\\\c"@example.com', 'a"b\\c', 'example.com'],
    ['"a..b"@example.com', 'a..b', 'example.com'],
    ['"john doe"@example.com', 'john doe', 'example.com'],
    ['" a \\ b "@example.com', ' a  b ', 'example.com'],
    ['山田@例え.jp', '山田', 'xn--r8jz45g.jp'],
    ['user@MÜNCHEN.de', 'user', 'xn--mnchen-3ya.de'],
    ['user@例え．jp', 'user', 'xn--r8jz45g.jp'],
    ['user@localhost', 'user', 'localhost'],
    ['user@[192.0.2.1]', 'user', '[192.0.2.1]'],
    ['user@[IPv6:2001:DB8:0::1]', 'user', '[IPv6:2001:db8::1]'],
    [`${long(64)}@example.com`, long(64), 'example.com'],
  ])('reads %s', (text, localPart, domain) => {
    expect(parseAddress(text)).toEqual({ ok: true, value: { localPart, domain, literal: domain.startsWith('[') } })
  })

  it.each<[string, AddressProblem]>([
    ['', 'empty'],
    ['user', 'no_domain'],
    ['user@', 'no_domain'],
    ['@example.com', 'local_part'],
    ['@relay.example:user@example.com', 'source_route'],
    ['.user@example.com', 'local_part'],
    ['user.@example.com', 'local_part'],
    ['us..er@example.com', 'local_part'],
    ['a@b@example.com', 'local_part'],
    ['a(b)@example.com', 'local_part'],
    ['""@example.com', 'local_part'],
    ['"a"b"@example.com', 'local_part'],
    ['"a\\"@example.com', 'local_part'],
    ['a b@example.com', 'character'],
    ['"a"b c"@example.com', 'local_part'],
    ['"a b" @example.com', 'local_part'],
    ['"a b"@exam ple.com', 'character'],
    ['"a b"@ example.com', 'character'],
    ['"a b', 'no_domain'],
    ['"a\tb"@example.com', 'character'],
    ['"a\u00a0\u2028b"@example.com', 'character'],
    ['user\r@example.com', 'character'],
    ['user@example.com\n', 'character'],
    ['user\0@example.com', 'character'],
    ['user\u0085@example.com', 'character'],
    ['us\u202eer@example.com', 'character'],
    ['us\u200ber@example.com', 'character'],
    ['us\ufffder@example.com', 'character'],
    ['us\ud800er@example.com', 'character'],
    ['<user@example.com>', 'local_part'],
    [`${long(65)}@example.com`, 'local_part_too_long'],
    [`${'é'.repeat(33)}@example.com`, 'local_part_too_long'],
    [`user@${`${long(60)}.`.repeat(5)}com`, 'too_long'],
    [`user@${long(64)}.com`, 'domain'],
    ['user@-a.com', 'domain'],
    ['user@a-.com', 'domain'],
    ['user@a_b.com', 'domain'],
    ['user@a..com', 'domain'],
    ['user@example.com.', 'domain'],
    ['user@192.0.2.1', 'domain'],
    ['user@1.2.3', 'domain'],
    ['user@１.２.３.４', 'domain'],
    ['user@a%41.com', 'domain'],
    ['user@é%41.com', 'domain'],
    ['user@é/b', 'domain'],
    ['user@[256.0.0.1]', 'literal'],
    ['user@[192.0.2.01]', 'literal'],
    ['user@[2001:db8::1]', 'literal'],
    ['user@[IPv6:fe80::1%eth0]', 'literal'],
    ['user@[IPv6:192.0.2.1]', 'literal'],
    ['user@[tag:x]', 'literal'],
    ['user@[', 'literal'],
  ])('refuses %j', (text, problem) => {
    expect(parseAddress(text)).toEqual({ ok: false, problem })
  })

  it('parses what it formatted', () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual({ ok: true, value: address })
      }),
    )
  })

  it('never throws, and accepts only addresses of one line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), arbitraryHostileText, fc.string({ unit: 'binary' })), (text) => {
        for (const candidate of [text, `${text}@example.com`, `a@${text}`]) {
          const parsed = parseAddress(candidate)
          if (parsed.ok) expect(formatAddress(parsed.value)).toMatch(/^[\x20-\x7e\u{a0}-\u{10ffff}]+$/u)
        }
      }),
    )
  })
})

describe('paths', () => {
  it('reads the null reverse-path', () => {
    expect(parseReversePath('<>')).toEqual({ ok: true, value: null })
    expect(parseReversePath('')).toEqual({ ok: true, value: null })
    expect(formatPath(null)).toBe('')
  })

  it('accepts the domainless postmaster only as a recipient', () => {
    expect(parseForwardPath('<Postmaster>')).toEqual({ ok: true, value: 'postmaster' })
    expect(formatPath('postmaster')).toBe('postmaster')
    expect(parseReversePath('<postmaster>')).toEqual({ ok: false, problem: 'no_domain' })
    expect(parseForwardPath('<>')).toEqual({ ok: false, problem: 'empty' })
  })

  it.each(['<a@example.com', 'a@example.com>', '>', '<'])('refuses unpaired brackets in %s', (text) => {
    expect(parseForwardPath(text)).toEqual({ ok: false, problem: 'syntax' })
  })

  it('refuses a source route', () => {
    expect(parseForwardPath('<@a.example,@b.example:c@example.com>')).toEqual({ ok: false, problem: 'source_route' })
  })

  it.each(['user.@docomo.ne.jp', 'a..b@ezweb.ne.jp', 'root@my_host.example.com', `${long(90)}@example.com`])(
    'accepts what real senders use: %s',
    (text) => {
      const parsed = parseReversePath(`<${text}>`)
      expect(parsed.ok).toBe(true)
      expect(parseAddress(text).ok).toBe(false)
    },
  )

  it('quotes a carrier address when formatting it', () => {
    const parsed = parseForwardPath('<a..b.@docomo.ne.jp>')
    expect(parsed.ok && formatPath(parsed.value)).toBe('"a..b."@docomo.ne.jp')
  })
})

describe('comparison', () => {
  it('gives all spellings of an address one key', () => {
    const keys = ['User@Example.COM', '"user"@example.com', 'uSer@example.com'].map(normaliseAddress)
    expect(new Set(keys)).toEqual(new Set(['user@example.com']))
    expect(normaliseAddress('cafe\u0301@例え.jp')).toBe('café@xn--r8jz45g.jp')
    expect(normaliseAddress('nobody')).toBeNull()
  })

  it('keeps a key unchanged', () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        const key = addressKey(address)
        expect(normaliseAddress(key)).toBe(key)
      }),
    )
  })

  it('splits the tag at the first separator', () => {
    const split = (text: string) => {
      const { base, tag } = splitSubAddress(requireAddress(text))
      return [formatAddress(base), tag]
    }
    expect(split('user+a+b@example.com')).toEqual(['user@example.com', 'a+b'])
    expect(split('user+@example.com')).toEqual(['user@example.com', ''])
    expect(split('user@example.com')).toEqual(['user@example.com', null])
    expect(split('+a@example.com')).toEqual(['+a@example.com', null])
  })
})

describe('domains', () => {
  it('keeps a parsed domain as it is', () => {
    fc.assert(
      fc.property(arbitraryDomain, (domain) => {
        expect(parseDomain(domain.toUpperCase())).toEqual({ ok: true, value: domain })
      }),
    )
  })

  it.each<[string, AddressProblem]>([
    ['', 'empty'],
    ['a b.com', 'domain'],
    ['[192.0.2.1]', 'domain'],
    [`${`${long(63)}.`.repeat(4)}com`, 'domain_too_long'],
    [`${'é.'.repeat(120)}com`, 'domain_too_long'],
  ])('refuses %j', (text, problem) => {
    expect(parseDomain(text)).toEqual({ ok: false, problem })
  })
})
