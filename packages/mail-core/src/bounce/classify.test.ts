import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ProviderId, PROVIDERS } from '../outbound/providers.ts'
import { remoteReply } from '../outbound/remote-reply.ts'
import { smtpReply } from '../smtp/index.ts'
import { arbitraryHostileText } from '../testing/index.ts'
import { BOUNCE_CLASSES, BOUNCE_TABLE, type BounceClass, classifyBounce, type ReplyStage } from './index.ts'
import { BLOCK_LISTS } from './lists.ts'

/** Reads the lines of the corpus; `-`: no provider. */
const CORPUS = readFileSync(new URL('fixtures/replies.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z]/.test(line))
  .map((line) => {
    const [cls = '', provider = '', stage = '', reply = '', list = null] = line.split(' | ')
    if (!isClass(cls) || !isStage(stage) || !(provider === '-' || isProvider(provider))) throw new Error(line)
    return { class: cls, provider: provider === '-' ? null : provider, stage, reply, list }
  })

function isClass(text: string): text is BounceClass {
  return BOUNCE_CLASSES.some((cls) => cls === text)
}
function isProvider(text: string): text is ProviderId {
  return Object.hasOwn(PROVIDERS, text)
}
function isStage(text: string): text is ReplyStage {
  return ['banner', 'hello', 'tls', 'auth', 'mail', 'rcpt', 'data', 'end'].includes(text)
}

const parse = (text: string) => {
  const parsed = remoteReply([Buffer.from(text)])
  if (parsed === null) throw new Error(text)
  return parsed
}
const classify = (text: string, provider: ProviderId | null = null, stage: ReplyStage = 'rcpt') =>
  classifyBounce({ provider, stage, reply: parse(text) })

describe('real replies', () => {
  const results = CORPUS.map((sample) => ({ sample, got: classify(sample.reply, sample.provider, sample.stage) }))

  it('are at least 150', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(150)
  })

  it('have every class that a remote can mean', () => {
    // A time that is over, and a name server without an answer, are ours to find.
    const ours = new Set<BounceClass>(['expired', 'dns_failure', 'unknown'])
    const met = new Set(CORPUS.map((sample) => sample.class))
    expect(BOUNCE_CLASSES.filter((cls) => !met.has(cls) && !ours.has(cls))).toEqual([])
  })

  it('are classified right, 95 of 100 at least', () => {
    const wrong = results.filter(({ sample, got }) => got.class !== sample.class)
    const report = wrong.map(({ sample, got }) => `${sample.class}, not ${got.class} (${got.rule}): ${sample.reply}`)
    expect(wrong.length / CORPUS.length, report.join('\n')).toBeLessThanOrEqual(0.05)
  })

  it('name the block list and where one gets off it', () => {
    for (const { sample, got } of results) {
      if (sample.list === null) continue
      expect(got.list?.name, sample.reply).toBe(sample.list)
      expect(got.list?.delistUrl).toMatch(/^https:\/\//)
    }
    expect(results.filter(({ sample }) => sample.list !== null).length).toBeGreaterThan(20)
  })
})

describe('the classification of a refusal', () => {
  it('knows what a provider means by a text that means something else elsewhere', () => {
    expect(classify('550 : User unknown', 'au').class).toBe('policy')
    expect(classify('550 <a@ezweb.ne.jp>: User unknown', 'au').class).toBe('recipient_unknown')
    expect(classify('550 Unknown user a@docomo.ne.jp', 'docomo', 'end').class).toBe('policy')
    expect(classify('550 Unknown user a@docomo.ne.jp', 'docomo').class).toBe('recipient_unknown')
    expect(classify('550 Mailbox unavailable or access denied', 'tencent').class).toBe('rate_limited')
    expect(classify('550 Mailbox unavailable or access denied').class).toBe('recipient_unknown')
  })

  it('takes the text before the enhanced code, the enhanced code before the code', () => {
    expect(classify('550 5.7.1 User unknown')).toMatchObject({ class: 'recipient_unknown' })
    expect(classify('552 5.1.1 zzz')).toMatchObject({ class: 'recipient_unknown', rule: 'status 5.1.1' })
    expect(classify('552 zzz')).toMatchObject({ class: 'mailbox_full', rule: 'code 552' })
    expect(classify('550 5.2.2 rejected').class).toBe('mailbox_full')
  })

  it('tells what decided', () => {
    expect(classify('550 5.7.28 unusual rate', 'google').rule).toBe('google: 7.28')
    expect(classify('550 mailbox is disabled', 'yahoo').rule).toBe('yahoo: mailbox is disabled')
    expect(classify('550 sorry, badrcptto').rule).toBe('text: badrcptto')
    expect(classify('554 blocked using bl.spamcop.net').rule).toBe('list: SpamCop')
    expect(classify('554 mx.example.com', null, 'banner').rule).toBe('text: banner')
  })

  it('is unknown for what nobody has said before', () => {
    expect(classify('550 zzz')).toMatchObject({ class: 'unknown', rule: 'none', list: null, ipv6Only: false })
    expect(classify('450 zzz').class).toBe('unknown')
    expect(classify('599 5.9.99 zzz').class).toBe('unknown')
  })

  it('O32 takes 421 and 4.7.z for a matter of rate', () => {
    expect(classify('421 zzz').class).toBe('rate_limited')
    expect(classify('451 4.7.99 zzz').class).toBe('rate_limited')
    expect(classify('550 5.7.99 zzz').class).toBe('unknown')
  })

  it('is about the recipient when only he gets too much mail', () => {
    const busy = '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents …'
    expect(classify(busy, 'google')).toMatchObject({ class: 'rate_limited', scope: 'recipient' })
    expect(classify('421 4.7.28 unusual rate', 'google')).toMatchObject({ class: 'rate_limited', scope: 'source_ip' })
  })

  it('O7 tells when only our IPv6 address is refused', () => {
    expect(
      classify('550 5.7.25 The IP address sending this message does not have a PTR record', 'google').ipv6Only,
    ).toBe(true)
    expect(
      classify('550 5.7.510 Access denied, contoso.com does not accept email over IPv6', 'microsoft').ipv6Only,
    ).toBe(true)
    expect(classify('550 5.1.1 NoSuchUser', 'google').ipv6Only).toBe(false)
  })

  it('is not misled by names in addresses', () => {
    expect(classify('550 5.1.1 <spam.virus.dmarc@example.com>... User unknown').class).toBe('recipient_unknown')
    expect(classify('450 zzz <greylist@mailbox-full.example>').class).toBe('unknown')
  })

  it('does not find words within others', () => {
    expect(classify('550 Recipient blocked').class).toBe('policy')
    expect(classify('550 this server absorbs nothing').class).toBe('unknown')
    expect(classify('550 5.7.1 Our IP is blocked').class).toBe('reputation_ip')
  })

  it('has a list only where a list is the reason', () => {
    expect(classify('550 5.1.1 User unknown; see https://www.spamhaus.org/').list?.name).toBe('Spamhaus')
    expect(classify('550 5.1.1 NoSuchUser spamhaus', 'google').list).toBe(null)
    for (const { text } of BLOCK_LISTS) expect(text.length).toBeGreaterThan(0)
  })

  it('ends for any reply of any provider, in a class of the table with its scope', () => {
    const words = fc.constantFrom(
      'user',
      'unknown',
      'mailbox',
      'full',
      'blocked',
      'spam',
      '<a@b>',
      'a@b:',
      '5.1.1',
      '日本',
    )
    const text = fc.oneof(
      arbitraryHostileText,
      fc.array(words, { maxLength: 30 }).map((list) => list.join(' ')),
    )
    const provider = fc.constantFrom(null, ...(Object.keys(PROVIDERS) as ProviderId[]))
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), text, provider, (code, words, id) => {
        const reply = { ...smtpReply(code, null, ''), text: words }
        const got = classifyBounce({ provider: id, stage: 'rcpt', reply })
        expect(BOUNCE_CLASSES).toContain(got.class)
        if (got.scope !== 'recipient') expect(got.scope).toBe(BOUNCE_TABLE[got.class].scope)
      }),
    )
  })
})
