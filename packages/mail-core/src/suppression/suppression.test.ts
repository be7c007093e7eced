import { describe, expect, it } from 'vitest'
import { BOUNCE_CLASSES } from '../bounce/index.ts'
import { isExempt, suppressedReply, weightOf } from './index.ts'

describe('O50 a failure', () => {
  it('is hard when nobody is there, soft when that may change, and says nothing when it is about the message or us', () => {
    const of = (weight: string) => BOUNCE_CLASSES.filter((cls) => weightOf(cls) === weight)
    expect(of('hard')).toEqual(['recipient_unknown', 'recipient_disabled', 'recipient_moved'])
    expect(of('soft')).toEqual(['mailbox_full', 'domain_invalid', 'no_answer', 'dns_failure', 'tls_failure', 'expired'])
    expect(of('none')).toContain('content_spam')
  })
})

describe('O50 an exemption', () => {
  const none = { localParts: [], streams: [] }
  it('is for whoever looks after a domain, for the configured addresses and for the configured streams', () => {
    expect(isExempt('Postmaster@a.example', '', none)).toBe(true)
    expect(isExempt('abuse@a.example', 'news', none)).toBe(true)
    expect(isExempt('bob@a.example', 'password-reset', none)).toBe(false)
    expect(isExempt('bob@a.example', 'password-reset', { ...none, streams: ['password-reset'] })).toBe(true)
    expect(isExempt('bob@a.example', '', { ...none, streams: [''] })).toBe(false)
    expect(isExempt('security@a.example', '', { ...none, localParts: ['security'] })).toBe(true)
  })
})

it('O50 the words for a suppressed recipient are one line, whatever the reason', () => {
  const { text, code } = suppressedReply('left\r\nus 去', new Date('2026-11-20T10:00:00Z'))
  expect([code, text]).toEqual([554, 'The address is on the suppression list since 2026-11-20: left us ?'])
})
