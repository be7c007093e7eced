import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DnsAnswer } from '../mx/index.ts'
import {
  afterFetch,
  isInPolicy,
  MAX_POLICY_BYTES,
  needsRefresh,
  parseStsPolicy,
  type StsEntry,
  type StsPolicy,
  type StsQuestion,
  stsRecordId,
  stsStep,
  stsVerdict,
} from './index.ts'

const parse = (...lines: string[]) => parseStsPolicy(Buffer.from(lines.join('\r\n')))
const ENFORCE = ['version: STSv1', 'mode: enforce', 'mx: mail.example.com', 'mx: *.example.net', 'max_age: 604800']

describe('the record', () => {
  it.each<[string, string | null]>([
    ['v=STSv1; id=20160831085700Z;', '20160831085700Z'],
    ['v=STSv1;id=a1', 'a1'],
    ['v=STSv1 ; ext=x ; id = b2 ;', 'b2'],
    ['v=STSv1;', null],
    ['v=STSv1; id=', null],
    ['v=STSv1; id=under_score', null],
    [`v=STSv1; id=${'a'.repeat(33)}`, null],
    ['v=STSv2; id=1', null],
    ['v=STSv10; id=1', null],
    ['id=1; v=STSv1', null],
    ['v=spf1 -all', null],
  ])('O23 in %j has the id %s', (text, id) => {
    expect(stsRecordId([[text]])).toBe(id)
  })

  it('O23 may be in pieces, beside other records, and only once (RFC 8461 §3.1)', () => {
    expect(stsRecordId([['v=STSv1; i', 'd=1;'], ['other']])).toBe('1')
    expect(stsRecordId([['v=STSv1; id=1;'], ['v=STSv1; id=2;']])).toBe(null)
    expect(stsRecordId([])).toBe(null)
  })
})

describe('the policy', () => {
  it('O23 is read as it is served', () => {
    expect(parse(...ENFORCE)).toEqual({
      ok: true,
      policy: { mode: 'enforce', mx: ['mail.example.com', '*.example.net'], maxAgeSeconds: 604_800 },
    })
    expect(parseStsPolicy(Buffer.from(ENFORCE.join('\n'))).ok).toBe(true)
    expect(parse('version:STSv1', 'mode:none', 'max_age:1', '')).toMatchObject({ policy: { mode: 'none', mx: [] } })
  })

  it('O23 ignores unknown fields, and all but the first of repeated ones (RFC 8461 §3.2)', () => {
    expect(parse(...ENFORCE, 'mode: none', 'future: yes', 'no colon')).toMatchObject({
      ok: true,
      policy: { mode: 'enforce' },
    })
  })

  it.each<[string, string[]]>([
    ['version', ENFORCE.slice(1)],
    ['version', ['version: STSv2', ...ENFORCE.slice(1)]],
    ['mode', ENFORCE.filter((line) => !line.startsWith('mode'))],
    ['mode', ['version: STSv1', 'mode: Enforce', 'mx: a.example', 'max_age: 1']],
    ['mx', ENFORCE.filter((line) => !line.startsWith('mx'))],
    ['mx', [...ENFORCE, 'mx: a*.example.com']],
    ['mx', [...ENFORCE, 'mx: *.*.example.com']],
    ['mx', [...ENFORCE, 'mx: *']],
    ['max_age', ENFORCE.slice(0, 4)],
    ['max_age', [...ENFORCE.slice(0, 4), 'max_age: -1']],
    ['max_age', [...ENFORCE.slice(0, 4), 'max_age: 1.5']],
    ['max_age', [...ENFORCE.slice(0, 4), 'max_age: 31557601']],
  ])('O23 without a valid %s is none', (problem, lines) => {
    expect(parse(...lines)).toEqual({ ok: false, problem })
  })

  it('O23 is at most 64 KiB of text', () => {
    const filled = Buffer.from(`${ENFORCE.join('\n')}\nx: ${'y'.repeat(MAX_POLICY_BYTES)}`)
    expect(parseStsPolicy(filled)).toEqual({ ok: false, problem: 'too_large' })
    expect(parseStsPolicy(filled.subarray(0, MAX_POLICY_BYTES)).ok).toBe(true)
    expect(parseStsPolicy(Buffer.from([0xff, 0xfe]))).toEqual({ ok: false, problem: 'not_text' })
  })

  it('O23 names hosts, a wildcard exactly one label', () => {
    const named = (host: string) => isInPolicy(host, { mx: ['mail.example.com', '*.example.net'] })
    expect(named('mail.example.com')).toBe(true)
    expect(named('MAIL.example.COM.')).toBe(true)
    expect(named('mx1.example.net')).toBe(true)
    expect(named('a.mx1.example.net')).toBe(false)
    expect(named('example.net')).toBe(false)
    expect(named('.example.net')).toBe(false)
    expect(named('xmail.example.com')).toBe(false)
    expect(named('mail.example.com.evil.example')).toBe(false)
  })

  it('never throws, whatever is served', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => typeof parseStsPolicy(body).ok === 'boolean'))
  })
})

describe('a host', () => {
  const policy = (mode: StsPolicy['mode']): StsPolicy => ({ mode, mx: ['mx.example.com'], maxAgeSeconds: 1 })

  it('O22 outside of an enforced policy gets no mail; inside it must prove its name', () => {
    expect(stsVerdict(policy('enforce'), 'mx.example.com')).toEqual({ kind: 'verified' })
    expect(stsVerdict(policy('enforce'), 'other.example.com')).toEqual({ kind: 'skip' })
  })

  it('O23 is never held up by a policy in testing, or none', () => {
    expect(stsVerdict(policy('testing'), 'other.example.com')).toEqual({ kind: 'observe', named: false })
    expect(stsVerdict(policy('testing'), 'mx.example.com')).toEqual({ kind: 'observe', named: true })
    expect(stsVerdict(policy('none'), 'other.example.com')).toEqual({ kind: 'free' })
    expect(stsVerdict(null, 'other.example.com')).toEqual({ kind: 'free' })
  })
})

describe('the cache', () => {
  const HOUR = 3_600_000
  const start = new Date('2026-06-01T00:00:00Z')
  const hours = (count: number) => new Date(start.getTime() + count * HOUR)
  const policy: StsPolicy = { mode: 'enforce', mx: ['mx.example.com'], maxAgeSeconds: 7 * 86_400 }
  const entry: StsEntry = { id: '1', policy, fetchedAt: start, triedAt: start }
  const record = (id: string): DnsAnswer<readonly string[]> => ({ kind: 'found', records: [[`v=STSv1; id=${id};`]] })
  const step = (rest: Partial<StsQuestion> = {}) =>
    stsStep({ entry, record: record('1'), failedAt: null, now: hours(2), ...rest })

  it('O23 holds as long as the record names the same id', () => {
    expect(step()).toEqual({ kind: 'use', policy })
  })

  it('O23 is fetched anew with a new id, and holds while that fails', () => {
    expect(step({ record: record('2') })).toEqual({ kind: 'fetch', id: '2', fallback: policy })
    expect(step({ record: record('2'), now: hours(0.1) })).toMatchObject({ kind: 'fetch' })
    expect(step({ record: record('2'), now: hours(0.05) })).toEqual({ kind: 'use', policy })
    const tried = afterFetch(entry, '2', null, hours(2))
    expect(tried).toEqual({ ...entry, triedAt: hours(2) })
    expect(step({ entry: tried, record: record('2'), now: hours(2.5) })).toEqual({ kind: 'use', policy })
    expect(step({ entry: tried, record: record('2'), now: hours(3) })).toMatchObject({ kind: 'fetch' })
  })

  it.each<[string, DnsAnswer<readonly string[]>]>([
    ['is gone', { kind: 'no_data' }],
    ['does not exist', { kind: 'no_such_name' }],
    ['gives no answer', { kind: 'temporary', cause: 'timeout' }],
    ['is broken', { kind: 'found', records: [['v=STSv1;']] }],
  ])('O23 holds to its end when the record %s', (_, answer) => {
    expect(step({ record: answer })).toEqual({ kind: 'use', policy })
    expect(step({ record: answer, now: hours(7 * 24) })).toEqual({ kind: 'use', policy: null })
  })

  it('O23 is refreshed before max_age ends: daily, or at half of a short life', () => {
    expect(needsRefresh(entry, hours(23.9))).toBe(false)
    expect(needsRefresh(entry, hours(24))).toBe(true)
    expect(needsRefresh({ ...entry, policy: { ...policy, maxAgeSeconds: 6 * 3600 } }, hours(3))).toBe(true)
    expect(step({ now: hours(24) })).toEqual({ kind: 'fetch', id: '1', fallback: policy })
  })

  it('O23 without an entry is a fetch, which is not repeated for an hour when it fails', () => {
    expect(step({ entry: null })).toEqual({ kind: 'fetch', id: '1', fallback: null })
    expect(step({ entry: null, failedAt: hours(1.5) })).toEqual({ kind: 'use', policy: null })
    expect(step({ entry: null, failedAt: hours(1) })).toMatchObject({ kind: 'fetch' })
    expect(step({ entry: null, record: { kind: 'no_data' } })).toEqual({ kind: 'use', policy: null })
    expect(afterFetch(null, '1', null, start)).toBe(null)
    expect(afterFetch(null, '1', policy, start)).toEqual(entry)
  })

  it('O23 never gives up an unexpired policy, whatever the DNS says', () => {
    const answer = fc.oneof(
      fc.constantFrom<DnsAnswer<readonly string[]>>(
        { kind: 'no_data' },
        { kind: 'no_such_name' },
        { kind: 'temporary', cause: 'x' },
      ),
      fc
        .array(fc.array(fc.constantFrom('v=STSv1;', 'id=1;', 'id=2', ' ')))
        .map((records) => ({ kind: 'found' as const, records })),
    )
    fc.assert(
      fc.property(answer, fc.nat({ max: 7 * 24 - 1 }), (given, hour) => {
        const next = step({ record: given, now: hours(hour) })
        expect(next.kind === 'use' ? next.policy : next.fallback).toBe(policy)
      }),
    )
  })
})
