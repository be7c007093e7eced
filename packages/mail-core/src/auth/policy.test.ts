import { describe, expect, it } from 'vitest'
import {
  decidePolicy,
  type DmarcOverride,
  type DmarcPolicy,
  type DmarcResult,
  type HeaderForm,
  type Verification,
} from './index.ts'

interface Facts {
  dmarc: DmarcResult
  policy?: DmarcPolicy | null
  form?: HeaderForm
  vouchedBy?: string | null
  mayVouch?: boolean
}
const found = ({
  dmarc,
  policy = 'reject',
  form = { kind: 'good' },
  vouchedBy = null,
  mayVouch = false,
}: Facts): Verification => ({
  spf: {
    result: 'fail',
    identity: 'mailfrom',
    domain: 'x.example',
    record: null,
    explanation: null,
    reason: '',
    dnsTrouble: false,
  },
  dkim: { result: 'none', signatures: [], ignored: 0, reason: '' },
  dmarc: {
    result: dmarc,
    domain: 'x.example',
    policyDomain: 'x.example',
    record: null,
    policy,
    testing: false,
    alignedSpf: null,
    alignedDkim: null,
    reason: 'dmarc',
  },
  arc: { result: vouchedBy === null ? 'none' : 'pass', sealers: [], vouchedBy, mayVouch, reason: 'arc' },
  form,
})
const decide = (facts: Facts, override: DmarcOverride | null = null, enforce = true, defers = true) =>
  decidePolicy(found(facts), { enforce, override, defers })
const DOUBTFUL = { kind: 'doubtful', reason: 'form' } as const

describe('the decision', () => {
  it.each<[string, Facts, string]>([
    ['SPF alone refuses nothing', { dmarc: 'none', policy: null }, 'accept'],
    ['a pass', { dmarc: 'pass' }, 'accept'],
    ['a failure, reject', { dmarc: 'fail' }, 'reject'],
    ['a failure, quarantine', { dmarc: 'fail', policy: 'quarantine' }, 'junk'],
    ['a failure, none', { dmarc: 'fail', policy: 'none' }, 'accept'],
    ['a failure, and a trusted sealer vouches', { dmarc: 'fail', vouchedBy: 'l.example' }, 'accept'],
    ['a failure, and a trusted sealer might vouch', { dmarc: 'fail', mayVouch: true }, 'tempfail'],
    ['trouble, reject', { dmarc: 'temperror' }, 'tempfail'],
    ['trouble, quarantine', { dmarc: 'temperror', policy: 'quarantine' }, 'tempfail'],
    ['trouble, none', { dmarc: 'temperror', policy: 'none' }, 'accept'],
    ['trouble, policy unknown', { dmarc: 'temperror', policy: null }, 'tempfail'],
    ['trouble, but a trusted sealer vouches', { dmarc: 'temperror', vouchedBy: 'l.example' }, 'accept'],
    ['no author to ask about', { dmarc: 'permerror', policy: null }, 'junk'],
    ['a doubtful header', { dmarc: 'none', policy: null, form: DOUBTFUL }, 'junk'],
    ['a doubtful header, and a failure', { dmarc: 'fail', form: DOUBTFUL }, 'reject'],
    ['a doubtful header, and trouble', { dmarc: 'temperror', form: DOUBTFUL }, 'tempfail'],
    ['several authors', { dmarc: 'permerror', form: { kind: 'several_authors', reason: 'form' } }, 'reject'],
  ])('%s', (_, facts, action) => {
    expect(decide(facts).action).toBe(action)
    // Whoever is not deferred is taken, and everything else stays as it is.
    const isDoubtful = facts.form?.kind === 'doubtful'
    const taken = isDoubtful ? 'junk' : 'accept'
    expect(decide(facts, null, true, false).action).toBe(action === 'tempfail' ? taken : action)
  })

  it('gives the replies of the contract', () => {
    expect(decide({ dmarc: 'fail' })).toMatchObject({ reply: { code: 550, enhanced: '5.7.1' } })
    expect(decide({ dmarc: 'temperror' })).toMatchObject({ reply: { code: 451, enhanced: '4.4.3' } })
    const several = decide({ dmarc: 'permerror', form: { kind: 'several_authors', reason: 'form' } })
    expect(several).toMatchObject({ reply: { code: 550, enhanced: '5.6.0' } })
  })

  it.each<[boolean, DmarcOverride | null, string, string, string]>([
    [true, null, 'reject', 'junk', 'tempfail'],
    [true, 'enforce', 'reject', 'junk', 'tempfail'],
    [true, 'junk', 'junk', 'junk', 'tempfail'],
    [true, 'off', 'accept', 'accept', 'accept'],
    [false, null, 'accept', 'accept', 'accept'],
    [false, 'enforce', 'reject', 'junk', 'tempfail'],
    [false, 'junk', 'junk', 'junk', 'tempfail'],
    [false, 'off', 'accept', 'accept', 'accept'],
  ])('enforce %s, domain %s: %s, %s, %s', (enforce, override, reject, quarantine, trouble) => {
    expect(decide({ dmarc: 'fail' }, override, enforce).action).toBe(reject)
    expect(decide({ dmarc: 'fail', policy: 'quarantine' }, override, enforce).action).toBe(quarantine)
    expect(decide({ dmarc: 'temperror' }, override, enforce).action).toBe(trouble)
    expect(decide({ dmarc: 'permerror' }, override, enforce).action).toBe(reject === 'accept' ? 'accept' : 'junk')
    expect(decide({ dmarc: 'none', form: DOUBTFUL }, override, enforce).action).toBe('junk')
  })

  it('refuses for good only what DMARC is sure about, or a header with several authors', () => {
    for (const dmarc of ['pass', 'none', 'temperror', 'permerror'] as const) {
      for (const policy of ['none', 'quarantine', 'reject', null] as const) {
        for (const mayVouch of [true, false]) expect(decide({ dmarc, policy, mayVouch }).action).not.toBe('reject')
      }
    }
  })
})
